package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import worldmodels.nn.Adam;
import worldmodels.nn.Noise;
import worldmodels.nn.Normal;
import worldmodels.nn.Seeds;
import worldmodels.nn.TorchOps;
import worldmodels.run.Settings;

/**
 * Any vision model that learns with Adam as a variational autoencoder: squared error of the picture decoded from a sample of the posterior, summed
 * over pixels and colours, plus the divergence from N(0, 1), which costs nothing below some free nats per latent.
 */
public final class VaeLearner extends VisionLearner {

    private final VisionModel model;
    private final VisionSettings settings;
    private final long seed;

    /**
     * @param model trained in place
     * @param seed  of the noise
     */
    public VaeLearner(VisionModel model, VisionSettings settings, long seed, Frames frames) {
        super(model, new Adam(model.parameters(), settings.learningRate()), Settings.text(settings), seed, frames);
        this.model = model;
        this.settings = settings;
        this.seed = seed;
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
        long batch = frames.getShape().get(0);
        Normal posterior = model.encode(frames);
        NDArray noise = Noise.normal(frames.getManager(), new Shape(batch, model.latentSize()), Seeds.named(seed, name, index));
        NDArray x = frames.toType(DataType.FLOAT32, false).divi(255);
        NDArray reconstruction = TorchOps.times(model.decode(posterior.sample(noise)).sub(x).square().sum(), 1.0 / batch);
        NDArray divergence = TorchOps.atLeast(posterior.divergence(), settings.freeNats() * model.latentSize()).mean();
        return new Loss(reconstruction.add(divergence), reconstruction, List.of(divergence));
    }
}
