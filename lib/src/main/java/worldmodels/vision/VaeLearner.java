package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import worldmodels.nn.Adam;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Gradients;
import worldmodels.nn.Noise;
import worldmodels.nn.Seeds;
import worldmodels.nn.Terms;
import worldmodels.nn.TorchOps;
import worldmodels.run.Settings;

/** A vision model that learns with Adam as a variational autoencoder: by {@link VisionModel#loss}, or by the bound of an {@link Objective}. */
public final class VaeLearner extends VisionLearner {

    private final String label;
    private final VisionModel model;
    private final VisionSettings settings;
    private final Optional<Bound> bound;
    private final long seed;

    /**
     * By the model's own loss.
     *
     * @param label what the model is called
     * @param model trained in place
     * @param seed  of the noise
     */
    public VaeLearner(String label, VisionModel model, VisionSettings settings, long seed, Frames frames) {
        this(label, model, settings, Optional.empty(), seed, frames);
    }

    /** @param steps of the training, for the warm-up */
    public VaeLearner(String label, VisionModel model, VisionSettings settings, Objective objective, long steps, long seed, Frames frames) {
        this(label, model, settings, objective.isAuthors() ? Optional.empty() : Optional.of(new Bound(objective, model, steps)), seed, frames);
    }

    private VaeLearner(String label, VisionModel model, VisionSettings settings, Optional<Bound> bound, long seed, Frames frames) {
        super(model, List.of(new Adam(model.parameters(), settings.learningRate())), text(settings, bound), seed, frames);
        this.label = label;
        this.model = model;
        this.settings = settings;
        this.bound = bound;
        this.seed = seed;
    }

    private static Map<String, String> text(VisionSettings settings, Optional<Bound> bound) {
        Map<String, String> text = new TreeMap<>(Settings.text(settings));
        bound.ifPresent(own -> text.putAll(own.text()));
        return text;
    }

    @Override
    public String work() {
        return label + " training";
    }

    @Override
    protected Terms learn(NDArray frames, Gradients.Tape tape, long step) {
        Loss loss = loss(frames, "vae noise", step);
        if (bound.isEmpty()) {
            return descend(loss, tape);
        }
        NDArray nats = bound.get().learned(loss.reconstruction());
        NDArray total = nats;
        double warmth = Math.min(1, (double) step / Math.max(1, bound.get().warmUpSteps()));
        for (NDArray divergence : loss.divergences()) {
            total = total.add(TorchOps.times(divergence, bound.get().price(warmth, divergence)));
        }
        return descend(new Loss(total, nats, loss.divergences()), tape);
    }

    @Override
    protected Loss validationLoss(NDArray frames, long batch) {
        Loss loss = loss(frames, "vae validation noise", batch);
        return bound.map(own -> new Loss(loss.total(), own.measured(loss.reconstruction()), loss.divergences())).orElse(loss);
    }

    private Loss loss(NDArray frames, String name, long index) {
        Shape shape = new Shape(frames.getShape().get(0), model.latentSize());
        NDArray noise = Noise.normal(frames.getManager(), shape, Seeds.named(seed, name, index));
        return model.loss(frames, noise, bound.isPresent() ? 0 : settings.freeNats());
    }

    @Override
    public void save(Checkpoint.Draft draft) {
        super.save(draft);
        bound.ifPresent(own -> own.save(draft));
    }

    @Override
    public void restore(Checkpoint found) {
        super.restore(found);
        bound.ifPresent(own -> own.restore(found));
    }
}
