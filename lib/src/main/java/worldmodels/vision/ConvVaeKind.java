package worldmodels.vision;

import ai.djl.ndarray.NDManager;
import worldmodels.nn.Checkpoint;
import worldmodels.run.Preset;
import worldmodels.run.Settings;

/** Ha and Schmidhuber's V. */
final class ConvVaeKind implements VisionKind {

    @Override
    public String kind() {
        return ConvVae.KIND;
    }

    @Override
    public String label() {
        return "ConvVAE";
    }

    @Override
    public ConvVae make(NDManager parent, Preset preset, long seed) {
        return new ConvVae(parent, Settings.of(preset, VisionSettings.class).latent(), seed);
    }

    @Override
    public ConvVae make(NDManager parent, Checkpoint found) {
        return new ConvVae(parent, (int) found.number("latentSize"), 0);
    }

    @Override
    public VisionLearner learner(VisionModel model, Preset preset, VisionLearner.Frames frames, long steps, long seed) {
        return new ConvVaeLearner((ConvVae) model, Settings.of(preset, VisionSettings.class), seed, frames);
    }
}
