package worldmodels.study.carracing;

import ai.djl.ndarray.NDManager;
import java.util.SortedMap;
import worldmodels.data.FrameBatches;
import worldmodels.nn.Seeds;
import worldmodels.nn.Training;
import worldmodels.run.Preset;
import worldmodels.vision.ConvVae;
import worldmodels.vision.ConvVaeLearner;
import worldmodels.vision.Nvae;
import worldmodels.vision.NvaeLearner;
import worldmodels.vision.VisionLearner;
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
        VisionModel model(NDManager manager, Preset preset) {
            return new ConvVae(manager, preset.integer("vision.latent"), seed(preset));
        }

        @Override
        VisionLearner learner(VisionModel model, Preset preset, FrameBatches training, FrameBatches validation) {
            return new ConvVaeLearner((ConvVae) model, new ConvVaeLearner.Settings((float) preset.number("vision.learningRate"),
                    (float) preset.number("vision.freeNats"), seed(preset)), frames(training, validation));
        }

        @Override
        Training.Rhythm rhythm(Preset preset, long batchesPerEpoch) {
            return new Training.Rhythm(epochs(preset) * batchesPerEpoch, Math.max(1, batchesPerEpoch / 4), Math.max(1, batchesPerEpoch / 2));
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
        VisionModel model(NDManager manager, Preset preset) {
            return new Nvae(manager, new NvaeShape(preset.integer("vision.latent"), preset.integer("nvae.channels"), preset.integer("nvae.groupsAt8"),
                    preset.integer("nvae.groupsAt16"), preset.integer("nvae.groupsAt32"), preset.integer("nvae.groupLatents"),
                    preset.integer("nvae.encoderCells"), preset.integer("nvae.decoderCells"), preset.integer("nvae.expansion"),
                    preset.flag("nvae.pointwise"), preset.integer("nvae.flows"), preset.integer("nvae.mixtures")), seed(preset));
        }

        @Override
        VisionLearner learner(VisionModel model, Preset preset, FrameBatches training, FrameBatches validation) {
            return new NvaeLearner((Nvae) model, new NvaeLearner.Settings((float) preset.number("nvae.learningRate"),
                    (float) preset.number("nvae.regularisation"), (float) preset.number("nvae.unseen"),
                    epochs(preset) * training.batchesPerEpoch(), seed(preset)), frames(training, validation));
        }

        @Override
        Training.Rhythm rhythm(Preset preset, long batchesPerEpoch) {
            return new Training.Rhythm(epochs(preset) * batchesPerEpoch, Math.max(1, batchesPerEpoch / 8), Math.max(1, batchesPerEpoch / 16));
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

    /** What the trained weights depend on, beside the frames. */
    abstract SortedMap<String, String> settings(Preset preset);

    /** Frames per step. */
    public abstract int batch(Preset preset);

    public abstract long epochs(Preset preset);

    /** Frames that a training step takes in, for each second on the reference machine. */
    public abstract double framesPerSecond(Preset preset);

    /** Untrained; the caller closes it. */
    abstract VisionModel model(NDManager manager, Preset preset);

    abstract VisionLearner learner(VisionModel model, Preset preset, FrameBatches training, FrameBatches validation);

    abstract Training.Rhythm rhythm(Preset preset, long batchesPerEpoch);

    private static VisionLearner.Frames frames(FrameBatches training, FrameBatches validation) {
        return new VisionLearner.Frames(training.batch(), training::fill, validation::fill, Math.min(10, validation.batchesPerEpoch()));
    }

    private static long seed(Preset preset) {
        return Seeds.named(preset.integer("seed"), "vision");
    }
}
