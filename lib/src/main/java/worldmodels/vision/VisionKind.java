package worldmodels.vision;

import ai.djl.ndarray.NDManager;
import java.util.Locale;
import java.util.SortedMap;
import java.util.stream.Collectors;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Training;
import worldmodels.run.Preset;
import worldmodels.run.Settings;

/**
 * A kind of V that presets can name, as {@link VisionModels} keeps it. One of one's own needs a name and a way to be made ({@link #of}); everything
 * else has an answer that a kind with settings or a loss of its own replaces.
 */
public interface VisionKind {

    /** Makes an untrained model. */
    @FunctionalInterface
    interface Maker {

        /**
         * @param parent the manager that the parameters belong to
         * @param latent numbers in z
         * @param seed   of the first weights
         */
        VisionModel make(NDManager parent, int latent, long seed);
    }

    /** A kind with the settings {@code vision.*} that {@link VaeLearner} trains, called as its class. */
    static VisionKind of(Class<? extends VisionModel> model, Maker maker) {
        return of(model, model.getSimpleName(), maker);
    }

    /** As {@link #of(Class, Maker)}, with a label for tables. */
    static VisionKind of(Class<? extends VisionModel> model, String label, Maker maker) {
        return new VisionKind() {

            @Override
            public String label() {
                return label;
            }

            @Override
            public String kind() {
                return model.getSimpleName();
            }

            @Override
            public VisionModel make(NDManager parent, Preset preset, long seed) {
                return maker.make(parent, Settings.of(preset, VisionSettings.class).latent(), seed);
            }

            @Override
            public VisionModel make(NDManager parent, Checkpoint found) {
                return maker.make(parent, (int) found.number("latentSize"), 0);
            }
        };
    }

    /**
     * The kind of a name, as presets have it.
     *
     * @throws IllegalArgumentException that says what there is
     */
    static VisionKind parse(String name) {
        return VisionModels.all().stream().filter(kind -> kind.name().equalsIgnoreCase(name)).findFirst().orElseThrow(() -> new IllegalArgumentException(
                "one of " + VisionModels.all().stream().map(VisionKind::name).collect(Collectors.joining(", "))
                        + " or one that you register (VisionModels.register)"));
    }

    /** What its checkpoints are called, as {@link VisionModel#kind} has it. */
    String kind();

    /** As presets name it: the words of its kind in capitals, {@code CONV_VAE} for ConvVae. */
    default String name() {
        return kind().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
    }

    /** As tables have it. */
    default String label() {
        return kind();
    }

    /** A preset with whatever else this kind needs of it, where a comparison goes through all kinds. */
    default Preset prepared(Preset preset) {
        return preset;
    }

    /** A preset's settings that the trained weights depend on beside the frames, by their keys; no two kinds have the same. */
    default SortedMap<String, String> settings(Preset preset) {
        SortedMap<String, String> settings = Settings.text(preset, VisionSettings.class);
        settings.put("model.vision", name());
        settings.putAll(Objective.text(preset));
        return settings;
    }

    /** Pictures per training step. */
    default int batch(Preset preset) {
        return Settings.of(preset, VisionSettings.class).batch();
    }

    /** How often each picture is seen. */
    default int epochs(Preset preset) {
        return Settings.of(preset, VisionSettings.class).epochsInAll();
    }

    /** Pictures that a training takes in, for each second on the reference machine; for predictions. */
    default double framesPerSecond(Preset preset) {
        return 430;
    }

    /** An untrained model; the caller closes it. */
    VisionModel make(NDManager parent, Preset preset, long seed);

    /** A model of the size that a checkpoint names, for its weights to be copied into. */
    VisionModel make(NDManager parent, Checkpoint found);

    /**
     * What trains it; the caller closes it.
     *
     * @param model as {@link #make} made it
     * @param steps how many steps in all, for schedules
     * @param seed  of the noise
     */
    default VisionLearner learner(VisionModel model, Preset preset, VisionLearner.Frames frames, long steps, long seed) {
        return new VaeLearner(label(), model, Settings.of(preset, VisionSettings.class), Objective.of(preset), steps, seed, frames);
    }

    /** How often there is a point of the curve and a checkpoint: four and two in an epoch. */
    default Training.Rhythm rhythm(Preset preset, long batchesPerEpoch) {
        return new Training.Rhythm(epochs(preset) * batchesPerEpoch, Math.max(1, batchesPerEpoch / 4), Math.max(1, batchesPerEpoch / 2));
    }
}
