package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import worldmodels.env.carracing.TrueStateFrame;
import worldmodels.nn.Normal;
import worldmodels.nn.TorchOps;

/**
 * The control from above: z is the true state, speed, heading, lateral offset and curvature, which {@link TrueStateFrame} has written into the
 * frame. It sees nothing; how well an agent drives with it says what the best V could be worth.
 */
final class TrueState implements FixedEncoder {

    private static final int LATENT = TrueStateFrame.NUMBERS;
    private static final int BYTES = 2 * LATENT;

    private final ConvVae networks;

    TrueState(NDManager parent, long seed) {
        networks = new ConvVae(parent, LATENT, 0, CHANNELS, seed);
    }

    @Override
    public ConvVae networks() {
        return networks;
    }

    @Override
    public Normal encode(NDArray frames) {
        long batch = frames.getShape().get(0);
        NDArray bytes = frames.reshape(batch, ConvVae.FRAME_BYTES).get(":, 0:" + BYTES).toType(DataType.FLOAT32, false).reshape(batch, LATENT, 2);
        NDArray highAndLow = frames.getManager().create(new float[] {256, 1});
        NDArray fixed = bytes.mul(highAndLow).sum(new int[] {2});
        NDArray z = TorchOps.times(fixed, 2 * TrueStateFrame.BOUND / TrueStateFrame.GREATEST).sub((float) TrueStateFrame.BOUND);
        return Normal.ofLogVariance(z, z.onesLike().neg().mul(frames.getManager().create(ConvVae.LOG_VARIANCE_BOUND)));
    }

    @Override
    public FrameEncoder encoder() {
        return new FrameEncoder() {

            @Override
            public void encode(ByteBuffer frames, int count, float[] mean, float[] logVariance) {
                for (int i = 0; i < count * LATENT; i++) {
                    int at = i / LATENT * ConvVae.FRAME_BYTES + i % LATENT * 2;
                    int fixed = (frames.get(at) & 0xFF) << 8 | frames.get(at + 1) & 0xFF;
                    mean[i] = (float) (fixed * (2 * TrueStateFrame.BOUND / TrueStateFrame.GREATEST) - TrueStateFrame.BOUND);
                }
                if (logVariance != null) {
                    Arrays.fill(logVariance, 0, count * LATENT, -ConvVae.LOG_VARIANCE_BOUND);
                }
            }

            @Override
            public void close() {}
        };
    }
}
