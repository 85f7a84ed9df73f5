package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.Map;
import worldmodels.nn.Adam;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Gradients;
import worldmodels.nn.Seeds;
import worldmodels.run.KitException;

/** Updates of a model, each from one batch of chunks; what is random in one comes from the seed and the update's number. */
public final class PlanetTraining implements AutoCloseable {

    private final PlanetModel model;
    private final PlanetSettings settings;
    private final Adam adam;

    /** @param model trained in place */
    public PlanetTraining(PlanetModel model, PlanetSettings settings) {
        this.model = model;
        this.settings = settings;
        this.adam = new Adam(model.parameters(), (float) settings.learningRate(), 0.9f, 0.999f, (float) settings.epsilon());
    }

    /**
     * One step of Adam on the loss of a batch.
     *
     * @param update its number
     * @return the losses before the step
     * @throws KitException if a loss or a gradient is not finite; the model is then unchanged
     */
    Losses advance(SequenceBatch batch, long update) {
        try (NDManager scope = model.parameters().manager().newSubManager(); Gradients.Tape tape = Gradients.record()) {
            PlanetLoss loss = PlanetLoss.of(model, scope, batch, settings, Seeds.named(settings.seed(), "planet update", update));
            tape.backward(loss.total());
            float[] values = loss.values();
            requireFinite("The squared error of the pictures", values[1], update);
            requireFinite("The squared error of the rewards", values[2], update);
            requireFinite("The divergence", values[3], update);
            requireFinite("The overshooting term", values[4], update);
            float norm = Gradients.clipByNorm(model.parameters(), (float) settings.clip());
            if (!Float.isFinite(norm)) {
                Gradients.requireFinite(model.parameters(), "update " + update + " of PlaNet's training");
            }
            adam.step();
            return new Losses(values[1], values[2], values[3]);
        }
    }

    private void requireFinite(String term, float value, long update) {
        if (!Float.isFinite(value)) {
            model.parameters().zeroGradients();
            throw new KitException(term + " is " + value + " at update " + update + " of PlaNet's training; lower planet.learningRate, or resume"
                    + " from the last checkpoint with another seed.");
        }
    }

    /** Weights and optimiser, by name. */
    Map<String, NDArray> state() {
        Map<String, NDArray> tensors = new LinkedHashMap<>(model.parameters().named());
        tensors.putAll(adam.state());
        return tensors;
    }

    void restore(Checkpoint checkpoint) {
        checkpoint.copyInto(model.parameters());
        adam.restore(checkpoint);
    }

    /** Frees the optimiser; the model stays. */
    @Override
    public void close() {
        adam.close();
    }
}
