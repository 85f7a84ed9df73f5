package worldmodels.vision;

import java.nio.ByteBuffer;
import java.util.Random;

/** Pictures to learn from: a coloured disc somewhere on a green ground, so that four numbers make the picture. */
final class Discs {

    private Discs() {}

    /** @param first the number of the first batch; sources of different batches share no picture */
    static FrameSource source(long first) {
        return (batch, frames) -> fill(first + batch, frames);
    }

    private static void fill(long batch, ByteBuffer frames) {
        Random random = new Random(batch);
        for (int picture = 0; picture < frames.capacity() / ConvVae.FRAME_BYTES; picture++) {
            int x = 12 + random.nextInt(40);
            int y = 12 + random.nextInt(40);
            int radius = 6 + random.nextInt(8);
            int red = random.nextInt(256);
            for (int i = 0; i < 64 * 64; i++) {
                boolean inside = Math.hypot(i % 64 - x, i / 64 - y) < radius;
                int at = picture * ConvVae.FRAME_BYTES + i * 3;
                frames.put(at, (byte) (inside ? red : 100)).put(at + 1, (byte) (inside ? 30 : 200)).put(at + 2, (byte) (inside ? 60 : 100));
            }
        }
    }

    /** Squared error per picture of showing the mean of these pictures always. */
    static double errorOfMeanPicture(FrameSource source, int batches, int size) {
        ByteBuffer frames = ByteBuffer.allocateDirect(size * ConvVae.FRAME_BYTES);
        double[] sum = new double[ConvVae.FRAME_BYTES];
        double[] square = new double[ConvVae.FRAME_BYTES];
        for (int batch = 0; batch < batches; batch++) {
            source.fill(batch, frames.clear());
            for (int i = 0; i < frames.capacity(); i++) {
                double value = (frames.get(i) & 255) / 255.0;
                sum[i % ConvVae.FRAME_BYTES] += value;
                square[i % ConvVae.FRAME_BYTES] += value * value;
            }
        }
        double error = 0;
        for (int i = 0; i < sum.length; i++) {
            double n = batches * size;
            error += square[i] / n - sum[i] / n * (sum[i] / n);
        }
        return error;
    }
}
