package worldmodels.vision;

import ai.djl.ndarray.NDManager;
import java.util.SortedMap;
import worldmodels.nn.Checkpoint;
import worldmodels.run.Preset;
import worldmodels.run.Settings;

/** Ha and Schmidhuber's V; where an {@link Objective} wants mixtures, its last layer says those. */
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
        SortedMap<String, String> settings = Settings.text(preset, VisionSettings.class);
        settings.putAll(Objective.text(preset));
        return settings;
    }

    /** Ten numbers a pixel for each logistic take nearly four times as long, with five of them. */
    @Override
    public double framesPerSecond(Preset preset) {
        int logistics = Objective.of(preset).logistics();
        return 430 / (1 + 0.55 * logistics);
    }

    @Override
    public ConvVae make(NDManager parent, Preset preset, long seed) {
        return new ConvVae(parent, Settings.of(preset, VisionSettings.class).latent(), Objective.of(preset).logistics(), seed);
    }

    @Override
    public ConvVae make(NDManager parent, Checkpoint found) {
        int mixtures = found.text().containsKey(ConvVae.MIXTURES) ? (int) found.number(ConvVae.MIXTURES) : 0;
        return new ConvVae(parent, (int) found.number("latentSize"), mixtures, 0);
    }
}
