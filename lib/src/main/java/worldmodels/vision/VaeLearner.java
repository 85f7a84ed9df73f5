package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import worldmodels.nn.Adam;
import worldmodels.nn.Gradients;
import worldmodels.nn.Noise;
import worldmodels.nn.Seeds;
import worldmodels.nn.Terms;
import worldmodels.run.Settings;

/** A vision model that learns with Adam as a variational autoencoder, {@link VisionModel#loss}. */
public final class VaeLearner extends VisionLearner {

    private final String label;
    private final VisionModel model;
    private final VisionSettings settings;
    private final long seed;

    /**
     * @param label what the model is called
     * @param model trained in place
     * @param seed  of the noise
     */
    public VaeLearner(String label, VisionModel model, VisionSettings settings, long seed, Frames frames) {
        super(model, List.of(new Adam(model.parameters(), settings.learningRate())), Settings.text(settings), seed, frames);
        this.label = label;
        this.model = model;
        this.settings = settings;
        this.seed = seed;
    }

    @Override
    public String work() {
        return label + " training";
    }

    @Override
    protected Terms learn(NDArray frames, Gradients.Tape tape, long step) {
        return descend(loss(frames, "vae noise", step), tape);
    }

    @Override
    protected Loss validationLoss(NDArray frames, long batch) {
        return loss(frames, "vae validation noise", batch);
    }

    private Loss loss(NDArray frames, String name, long index) {
        Shape shape = new Shape(frames.getShape().get(0), model.latentSize());
        return model.loss(frames, Noise.normal(frames.getManager(), shape, Seeds.named(seed, name, index)), settings.freeNats());
    }
}
