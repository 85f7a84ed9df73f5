package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import worldmodels.nn.Parameters;

/**
 * A V whose encoder learns nothing: a control, which tells what learning one is worth. Its decoder is a {@link ConvVae}'s of a quarter of the channels and learns
 * ({@link DecoderLearner}), so that its pictures show what z holds. Nothing that drives goes through it, and a whole one is three quarters of a ConvVAE's bytes.
 */
sealed interface FixedEncoder extends VisionModel permits RandomEncoder, TrueState {

    /** Of the decoder. */
    int CHANNELS = 8;

    /** The decoder and, where it is a network, the encoder. */
    ConvVae networks();

    /**
     * Once, before anything is learned: whatever the encoder has to be told of the frames' scale.
     *
     * @param frames uint8 (batch, 64, 64, 3)
     */
    default void prepare(NDArray frames) {}

    @Override
    default int latentSize() {
        return networks().latentSize();
    }

    @Override
    default Parameters parameters() {
        return networks().parameters();
    }

    @Override
    default NDArray decode(NDArray z) {
        return networks().decode(z);
    }
}
