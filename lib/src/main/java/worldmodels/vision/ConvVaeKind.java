package worldmodels.vision;

import ai.djl.ndarray.NDManager;
import java.util.SortedMap;
import worldmodels.nn.Checkpoint;
import worldmodels.run.Preset;
import worldmodels.run.Settings;

/** Ha and Schmidhuber's V. */
final class ConvVaeKind implements VisionKind {

    @Override
    public String kind() {
        return ConvVae.class.getSimpleName();
    }

    @Override
    public String label() {
        return "ConvVAE";
    }

    /** Without its name, as when it was the only one with these settings: its stages are kept under such keys. */
    @Override
    public SortedMap<String, String> settings(Preset preset) {
        return Settings.text(preset, VisionSettings.class);
    }

    @Override
    public ConvVae make(NDManager parent, Preset preset, long seed) {
        return new ConvVae(parent, Settings.of(preset, VisionSettings.class).latent(), seed);
    }

    @Override
    public ConvVae make(NDManager parent, Checkpoint found) {
        return new ConvVae(parent, (int) found.number("latentSize"), 0);
    }
}
