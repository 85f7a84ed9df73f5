package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import java.util.List;
import worldmodels.nn.Adam;
import worldmodels.nn.Gradients;
import worldmodels.nn.Terms;
import worldmodels.nn.TorchOps;
import worldmodels.run.Settings;

/** A control that learns to draw: its decoder makes the squared error of pictures decoded from its z small. Nothing reaches its encoder. */
final class DecoderLearner extends VisionLearner {

    private final String label;
    private final FixedEncoder model;

    DecoderLearner(String label, FixedEncoder model, VisionSettings settings, long seed, Frames frames) {
        super(model, List.of(new Adam(model.parameters().part("dec_"), settings.learningRate())), Settings.text(settings), seed, frames);
        this.label = label;
        this.model = model;
    }

    @Override
    public String work() {
        return label + " training";
    }

    @Override
    protected Terms learn(NDArray frames, Gradients.Tape tape, long step) {
        if (step == 0) {
            model.prepare(frames);
        }
        return descend(validationLoss(frames, step), tape);
    }

    @Override
    protected Loss validationLoss(NDArray frames, long batch) {
        NDArray z = model.encode(frames).mean().stopGradient();
        NDArray error = model.networks().decodePlanes(z).sub(ConvVae.planes(frames)).square().sum();
        NDArray reconstruction = TorchOps.times(error, 1.0 / frames.getShape().get(0));
        return new Loss(reconstruction, reconstruction, List.of());
    }
}
