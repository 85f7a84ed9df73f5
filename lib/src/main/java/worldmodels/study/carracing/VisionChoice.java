package worldmodels.study.carracing;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.SortedMap;
import worldmodels.data.FrameBatches;
import worldmodels.nn.LearningCurve;
import worldmodels.nn.Seeds;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.vision.ConvVaeTraining;
import worldmodels.vision.NvaeTraining;
import worldmodels.vision.VisionModel;
import worldmodels.vision.nvae.NvaeShape;

/** Which V an experiment trains, {@code model.vision}: Ha and Schmidhuber's, or the thesis'. Each has its settings of the preset. */
public enum VisionChoice {

    CONV_VAE("ConvVAE") {
        @Override
        SortedMap<String, String> settings(Preset preset) {
            return preset.section("authors", "vision.");
        }

        @Override
        public int batch(Preset preset) {
            return preset.integer("vision.batch");
        }

        @Override
        public long epochs(Preset preset) {
            return AuthorsVersion.visionEpochs(preset);
        }

        @Override
        public double framesPerSecond(Preset preset) {
            return 430;
        }

        @Override
        Learned train(NDManager manager, Preset preset, FrameBatches training, FrameBatches validation, Path file, Progress progress) {
            long perEpoch = training.batchesPerEpoch();
            ConvVaeTraining.Settings settings = new ConvVaeTraining.Settings(preset.integer("vision.latent"), batch(preset),
                    (float) preset.number("vision.learningRate"), (float) preset.number("vision.freeNats"), epochs(preset) * perEpoch,
                    Math.max(1, perEpoch / 4), Math.min(10, validation.batchesPerEpoch()), Math.max(1, perEpoch / 2), seed(preset));
            ConvVaeTraining.Result result = ConvVaeTraining.run(manager, settings, training::fill, validation::fill, file, progress);
            return new Learned(result.model(), result.curve());
        }
    },

    NVAE("NVAE") {
        @Override
        SortedMap<String, String> settings(Preset preset) {
            return preset.section("vision.latent", "nvae.");
        }

        @Override
        public int batch(Preset preset) {
            return preset.integer("nvae.batch");
        }

        @Override
        public long epochs(Preset preset) {
            return preset.integer("nvae.epochs");
        }

        /** Two measured shapes, 8 and 16 channels, and a line through them; more cells and groups cost in proportion. */
        @Override
        public double framesPerSecond(Preset preset) {
            double groups = preset.number("nvae.groupsAt8") + preset.number("nvae.groupsAt16") + preset.number("nvae.groupsAt32");
            double cells = preset.number("nvae.encoderCells")
                    + preset.number("nvae.decoderCells") * preset.number("nvae.expansion") / 3 * (1 + groups / 4);
            return 2000 / ((9 + 0.62 * preset.number("nvae.channels")) * cells / 2.5);
        }

        @Override
        Learned train(NDManager manager, Preset preset, FrameBatches training, FrameBatches validation, Path file, Progress progress) {
            NvaeShape shape = new NvaeShape(preset.integer("vision.latent"), preset.integer("nvae.channels"), preset.integer("nvae.groupsAt8"),
                    preset.integer("nvae.groupsAt16"), preset.integer("nvae.groupsAt32"), preset.integer("nvae.groupLatents"),
                    preset.integer("nvae.encoderCells"), preset.integer("nvae.decoderCells"), preset.integer("nvae.expansion"),
                    preset.flag("nvae.pointwise"), preset.integer("nvae.flows"), preset.integer("nvae.mixtures"));
            long perEpoch = training.batchesPerEpoch();
            NvaeTraining.Settings settings = new NvaeTraining.Settings(shape, batch(preset), (float) preset.number("nvae.learningRate"),
                    (float) preset.number("nvae.regularisation"), (float) preset.number("nvae.unseen"), epochs(preset) * perEpoch,
                    Math.max(1, perEpoch / 8), Math.min(10, validation.batchesPerEpoch()), Math.max(1, perEpoch / 16), seed(preset));
            NvaeTraining.Result result = NvaeTraining.run(manager, settings, training::fill, validation::fill, file, progress);
            return new Learned(result.model(), result.curve());
        }
    };

    private final String label;

    VisionChoice(String label) {
        this.label = label;
    }

    /** As tables have it. */
    public String label() {
        return label;
    }

    public static VisionChoice of(Preset preset) {
        return preset.choice("model.vision", VisionChoice.class);
    }

    /** What came of it; the caller closes the model. */
    record Learned(VisionModel model, LearningCurve curve) {}

    /** What the trained weights depend on, beside the frames. */
    abstract SortedMap<String, String> settings(Preset preset);

    /** Frames per step. */
    public abstract int batch(Preset preset);

    public abstract long epochs(Preset preset);

    /** Frames that a training step takes in, for each second on the reference machine. */
    public abstract double framesPerSecond(Preset preset);

    /** To the end, from the checkpoint in {@code file} if there is one. */
    abstract Learned train(NDManager manager, Preset preset, FrameBatches training, FrameBatches validation, Path file, Progress progress);

    private static long seed(Preset preset) {
        return Seeds.named(preset.integer("seed"), "vision");
    }
}
