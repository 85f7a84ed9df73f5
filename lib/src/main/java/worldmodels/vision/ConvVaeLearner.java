package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import worldmodels.nn.Adam;
import worldmodels.nn.Noise;
import worldmodels.nn.Seeds;
import worldmodels.run.Settings;

/** A {@link ConvVae} that learns with Adam. */
public final class ConvVaeLearner extends VisionLearner {

    private final ConvVae model;
    private final VisionSettings settings;
    private final long seed;
    private final Shape noise;

    /**
     * @param model trained in place
     * @param seed  of the noise
     */
    public ConvVaeLearner(ConvVae model, VisionSettings settings, long seed, Frames frames) {
        super(model, new Adam(model.parameters(), settings.learningRate()), Settings.text(settings), seed, frames);
        this.model = model;
        this.settings = settings;
        this.seed = seed;
        this.noise = new Shape(frames.batch(), model.latentSize());
    }

    @Override
    public String work() {
        return "ConvVAE training";
    }

    @Override
    protected Loss loss(NDArray frames, long step) {
        return loss(frames, "vae noise", step);
    }

    @Override
    protected Loss validationLoss(NDArray frames, long batch) {
        return loss(frames, "vae validation noise", batch);
    }

    private Loss loss(NDArray frames, String name, long index) {
        NDArray epsilon = Noise.normal(frames.getManager(), noise, Seeds.named(seed, name, index));
        ConvVae.Loss loss = model.loss(frames, epsilon, settings.freeNats());
        return new Loss(loss.total(), loss.reconstruction(), List.of(loss.divergence()));
    }
}
