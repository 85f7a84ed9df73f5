package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import worldmodels.nn.Adam;
import worldmodels.nn.Noise;
import worldmodels.nn.Seeds;
import worldmodels.run.KitException;

/** A {@link ConvVae} that learns with Adam. */
public final class ConvVaeLearner extends VisionLearner {

    /**
     * @param learningRate of Adam
     * @param freeNats     the divergence costs nothing below this many nats per latent
     * @param seed         of the noise
     */
    public record Settings(float learningRate, float freeNats, long seed) {

        public Settings {
            require(learningRate > 0 && Float.isFinite(learningRate), "learningRate", learningRate, "positive");
            require(freeNats >= 0 && Float.isFinite(freeNats), "freeNats", freeNats, "0 or more");
        }

        private static void require(boolean good, String name, float value, String rule) {
            if (!good) {
                throw new KitException("ConvVAE training: " + name + " cannot be " + value + "; it must be " + rule + ".");
            }
        }

        private Map<String, String> text() {
            return Map.of("learningRate", "" + learningRate, "freeNats", "" + freeNats, "seed", "" + seed);
        }
    }

    private final ConvVae model;
    private final Settings settings;
    private final Shape noise;

    /** @param model trained in place */
    public ConvVaeLearner(ConvVae model, Settings settings, Frames frames) {
        super(model, new Adam(model.parameters(), settings.learningRate), settings.text(), frames);
        this.model = model;
        this.settings = settings;
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
        NDArray epsilon = Noise.normal(frames.getManager(), noise, Seeds.named(settings.seed, name, index));
        ConvVae.Loss loss = model.loss(frames, epsilon, settings.freeNats);
        return new Loss(loss.total(), loss.reconstruction(), List.of(loss.divergence()));
    }
}
