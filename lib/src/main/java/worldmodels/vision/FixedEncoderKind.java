package worldmodels.vision;

import ai.djl.ndarray.NDManager;
import worldmodels.env.carracing.TrueStateFrame;
import worldmodels.nn.Checkpoint;
import worldmodels.run.KitException;
import worldmodels.run.Preset;
import worldmodels.run.Settings;

/** The controls, with the ConvVAE's settings. */
enum FixedEncoderKind implements VisionKind {

    RANDOM_ENCODER(RandomEncoder.class, "untrained encoder") {

        @Override
        public FixedEncoder make(NDManager parent, Preset preset, long seed) {
            return new RandomEncoder(parent, Settings.of(preset, VisionSettings.class).latent(), seed);
        }

        @Override
        public FixedEncoder make(NDManager parent, Checkpoint found) {
            return new RandomEncoder(parent, (int) found.number("latentSize"), 0);
        }
    },

    TRUE_STATE(TrueState.class, "true state") {

        @Override
        public Preset prepared(Preset preset) {
            return preset.with("env.hud", "state").with("vision.latent", String.valueOf(TrueStateFrame.NUMBERS));
        }

        @Override
        public FixedEncoder make(NDManager parent, Preset preset, long seed) {
            if (!preset.section("env.hud", "vision.latent").equals(prepared(preset).section("env.hud", "vision.latent"))) {
                throw new KitException("The V TRUE_STATE reads its " + TrueStateFrame.NUMBERS + " numbers from the frames' first pixels; set env.hud = state and "
                        + "vision.latent = " + TrueStateFrame.NUMBERS + ".");
            }
            return new TrueState(parent, seed);
        }

        @Override
        public FixedEncoder make(NDManager parent, Checkpoint found) {
            return new TrueState(parent, 0);
        }
    };

    private final Class<? extends FixedEncoder> model;
    private final String label;

    FixedEncoderKind(Class<? extends FixedEncoder> model, String label) {
        this.model = model;
        this.label = label;
    }

    @Override
    public String kind() {
        return model.getSimpleName();
    }

    @Override
    public String label() {
        return label;
    }

    /** One, whatever {@code vision.epochs} says: the decoder is there to be looked at. */
    @Override
    public int epochs(Preset preset) {
        return 1;
    }

    /** A decoder of a quarter of the channels learns by itself. */
    @Override
    public double framesPerSecond(Preset preset) {
        return 3_000;
    }

    @Override
    public VisionLearner learner(VisionModel made, Preset preset, VisionLearner.Frames frames, long steps, long seed) {
        return new DecoderLearner(label, (FixedEncoder) made, Settings.of(preset, VisionSettings.class), seed, frames);
    }
}
