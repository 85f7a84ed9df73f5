package worldmodels.planet;

import ai.djl.ndarray.NDManager;
import worldmodels.nn.Adam;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Gradients;
import worldmodels.nn.Seeds;
import worldmodels.nn.Terms;
import worldmodels.run.KitException;

/** Updates of a model, each from one batch of chunks; what is random in one comes from the seed and the update's number. */
public final class PlanetOptimiser implements AutoCloseable {

    /** What the names of the weights that learn begin with, where others act. */
    private static final String LEARNING = Checkpoint.TRAINING + "weights.";

    static final String PICTURES = "squared error of the pictures";
    static final String REWARDS = "squared error of the rewards";
    static final String DIVERGENCE = "divergence";

    private final PlanetModel model;
    private final PlanetSettings settings;
    private final long seed;
    private final Adam adam;
    /** The mean of the weights, or the model itself. */
    private final PlanetModel acting;

    /** @param model trained in place */
    public PlanetOptimiser(PlanetModel model, PlanetSettings settings, long seed) {
        this.model = model;
        this.settings = settings;
        this.seed = seed;
        this.adam = new Adam(model.parameters(), (float) settings.learningRate(), 0.9f, 0.999f, (float) settings.epsilon());
        this.acting = settings.averaging() == 0 ? model : model.copy();
    }

    /** What acts and is kept: the model, or the mean of its weights over the updates. */
    PlanetModel acting() {
        return acting;
    }

    /**
     * One step of Adam on the loss of a batch.
     *
     * @param update its number
     * @return the losses before the step
     * @throws KitException if a loss or a gradient is not finite; the model is then unchanged
     */
    public Terms update(SequenceBatch batch, long update) {
        try (NDManager scope = model.parameters().manager().newSubManager(); Gradients.Tape tape = Gradients.record()) {
            PlanetLoss loss = PlanetLoss.of(model, scope, batch, settings, Seeds.named(seed, "planet update", update));
            tape.backward(loss.total());
            Terms terms = terms(loss.values());
            float norm = Gradients.clipByNorm(model.parameters(), (float) settings.clip());
            if (!Float.isFinite(norm)) {
                Gradients.requireFinite(model.parameters());
            }
            adam.step();
            average(update);
            return terms;
        }
    }

    /** θ' = d θ' + (1 - d) θ, with d growing from 1/10 to what is set, so that the first weights do not linger. @param update before which there were so many */
    private void average(long update) {
        if (acting != model) {
            acting.parameters().follow(model.parameters(), 1 - Math.min(settings.averaging(), (1.0 + update) / (10.0 + update)));
        }
    }

    private Terms terms(float[] values) {
        try {
            return Terms.of(PICTURES, values[1]).and(REWARDS, values[2]).and(DIVERGENCE, values[3]).and("overshooting", values[4])
                    .and("squared error of rewards ahead", values[5]).loss(values[0]);
        } catch (KitException e) {
            model.parameters().zeroGradients();
            throw e;
        }
    }

    void save(Checkpoint.Draft draft) {
        draft.put(acting.parameters()).put(adam);
        if (acting != model) {
            model.parameters().named().forEach((name, array) -> draft.put(LEARNING + name, array));
        }
    }

    void restore(Checkpoint found) {
        found.copyInto(acting.parameters());
        if (acting != model) {
            model.parameters().named().forEach((name, array) -> found.copyInto(LEARNING + name, array));
        }
        adam.restore(found);
    }

    /** Frees the optimiser; the model stays. */
    @Override
    public void close() {
        adam.close();
        if (acting != model) {
            acting.close();
        }
    }
}
