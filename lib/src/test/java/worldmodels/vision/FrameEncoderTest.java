package worldmodels.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import worldmodels.nn.Adam;
import worldmodels.nn.Compute;
import worldmodels.nn.Gradients;
import worldmodels.nn.Noise;
import worldmodels.nn.Normal;

class FrameEncoderTest {

    private final NDManager manager = Compute.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    /** Plain Java against the tensor engine: the same network, other orders of summation. */
    @Test
    void givesThePosteriorOfEachFrame() {
        try (ConvVae vae = new ConvVae(manager, 32, 1); FrameEncoder encoder = vae.encoder()) {
            ByteBuffer frames = noise(5);
            float[] mean = new float[5 * 32];
            float[] logVariance = new float[5 * 32];
            encoder.encode(frames, 5, mean, logVariance);
            Normal expected = vae.encode(manager.create(frames, new Shape(5, 64, 64, 3), DataType.UINT8));
            assertArrayEquals(expected.mean().toFloatArray(), mean, 2e-6f);
            assertArrayEquals(expected.logVariance().toFloatArray(), logVariance, 2e-6f);
        }
    }

    /** However its layers are arranged to be fast, the sums keep one order of additions, that of {@link worldmodels.nn.RowSums}. */
    @Test
    void givesTheBitsOfTheSumsAsTheyAreWritten() {
        try (ConvVae vae = new ConvVae(manager, 32, 1); FrameEncoder encoder = vae.encoder()) {
            ByteBuffer frames = noise(3);
            float[] mean = new float[3 * 32];
            float[] logVariance = new float[3 * 32];
            encoder.encode(frames, 3, mean, logVariance);
            for (int frame = 0; frame < 3; frame++) {
                float[] h = plainFirstLayer(vae, frames.slice(frame * ConvVae.FRAME_BYTES, ConvVae.FRAME_BYTES));
                h = plainConvolution(vae, "enc_conv2", h, 31);
                h = plainConvolution(vae, "enc_conv3", h, 14);
                h = plainConvolution(vae, "enc_conv4", h, 6);
                assertArrayEquals(plainHead(vae, "enc_fc_mu", h), Arrays.copyOfRange(mean, frame * 32, (frame + 1) * 32));
                assertArrayEquals(plainHead(vae, "enc_fc_log_var", h), Arrays.copyOfRange(logVariance, frame * 32, (frame + 1) * 32));
            }
        }
    }

    private static float[] plainFirstLayer(ConvVae vae, ByteBuffer frame) {
        float[] weight = vae.parameters().array("enc_conv1.weight").toFloatArray();
        float[] bias = vae.parameters().array("enc_conv1.bias").toFloatArray();
        float[] h = new float[31 * 31 * 32];
        for (int i = 0; i < h.length; i++) {
            int o = i % 32;
            int corner = (i / 32 / 31 * 2 * 64 + i / 32 % 31 * 2) * 3;
            float sum = bias[o];
            for (int term = 0; term < 48; term++) {
                int y = term / 12;
                int x = term / 3 % 4;
                int pixel = frame.get(corner + (y * 64 + x) * 3 + term % 3) & 0xFF;
                sum = Math.fma(pixel, weight[((o * 3 + term % 3) * 4 + y) * 4 + x] / 255, sum);
            }
            h[i] = Math.max(sum, 0);
        }
        return h;
    }

    /** What is not above zero is no term; terms are added in turn to two sums, which are added up after each line of the kernel. */
    private static float[] plainConvolution(ConvVae vae, String layer, float[] h, int side) {
        float[] weight = vae.parameters().array(layer + ".weight").toFloatArray();
        float[] bias = vae.parameters().array(layer + ".bias").toFloatArray();
        int channels = h.length / side / side;
        int newSide = (side - 4) / 2 + 1;
        float[] result = new float[newSide * newSide * bias.length];
        for (int i = 0; i < result.length; i++) {
            int o = i % bias.length;
            int top = i / bias.length / newSide * 2;
            int left = i / bias.length % newSide * 2;
            float sum = bias[o];
            for (int y = 0; y < 4; y++) {
                float[] parts = {sum, 0};
                int n = 0;
                for (int term = 0; term < 4 * channels; term++) {
                    int x = term / channels;
                    int c = term % channels;
                    float value = h[((top + y) * side + left + x) * channels + c];
                    if (value > 0) {
                        parts[n & 1] = Math.fma(value, weight[((o * channels + c) * 4 + y) * 4 + x], parts[n & 1]);
                        n++;
                    }
                }
                sum = parts[0] + parts[1];
            }
            result[i] = Math.max(sum, 0);
        }
        return result;
    }

    private static float[] plainHead(ConvVae vae, String layer, float[] h) {
        float[] weight = vae.parameters().array(layer + ".weight").toFloatArray();
        float[] bias = vae.parameters().array(layer + ".bias").toFloatArray();
        float[] result = new float[bias.length];
        for (int o = 0; o < result.length; o++) {
            float[] parts = {bias[o], 0};
            int n = 0;
            for (int i = 0; i < ConvVae.FEATURES; i++) {
                if (h[i] > 0) {
                    // The tensor engine flattens by channel, then by pixel: 256 channels of 2 x 2.
                    parts[n & 1] = Math.fma(h[i], weight[o * ConvVae.FEATURES + i % 256 * 4 + i / 256], parts[n & 1]);
                    n++;
                }
            }
            result[o] = parts[0] + parts[1];
        }
        return result;
    }

    @Test
    void aFrameIsEncodedToTheSameBitsInAnyBatch() {
        try (ConvVae vae = new ConvVae(manager, 40, 1); FrameEncoder encoder = vae.encoder()) {
            ByteBuffer frames = noise(43);
            float[] all = new float[43 * 40];
            encoder.encode(frames, 43, all, null);
            for (int i = 0; i < 43; i++) {
                float[] alone = new float[41];
                encoder.encode(frames.slice(i * ConvVae.FRAME_BYTES, ConvVae.FRAME_BYTES), 1, alone, null);
                assertArrayEquals(Arrays.copyOfRange(all, i * 40, (i + 1) * 40), Arrays.copyOf(alone, 40));
                assertEquals(0, alone[40]);
            }
        }
    }

    @Test
    void anyOtherModelEncodesByItself() {
        try (ConvVae vae = new ConvVae(manager, 32, 1); FrameEncoder encoder = new TensorFrameEncoder(vae)) {
            ByteBuffer frames = noise(5);
            float[] mean = new float[5 * 32];
            float[] logVariance = new float[5 * 32];
            encoder.encode(frames, 5, mean, logVariance);
            Normal expected = vae.encode(manager.create(frames, new Shape(5, 64, 64, 3), DataType.UINT8));
            assertArrayEquals(expected.mean().toFloatArray(), mean);
            assertArrayEquals(expected.logVariance().toFloatArray(), logVariance);
        }
    }

    /** Thousands of acting steps and a hundred training steps leave the process as large as it was. */
    @Test
    @Tag("slow")
    void memoryStaysFlat() throws IOException {
        try (ConvVae vae = new ConvVae(manager, 32, 1); FrameEncoder encoder = new TensorFrameEncoder(vae);
                Adam adam = new Adam(vae.parameters(), 1e-4f)) {
            ByteBuffer frames = noise(4);
            float[] mean = new float[4 * 32];
            long before = 0;
            for (int step = 0; step < 2400; step++) {
                encoder.encode(frames, 4, mean, mean);
                if (step % 20 == 0) {
                    try (NDManager scope = manager.newSubManager(); Gradients.Tape tape = Gradients.record()) {
                        NDArray x = scope.create(frames, new Shape(4, 64, 64, 3), DataType.UINT8);
                        tape.backward(vae.loss(x, Noise.normal(scope, new Shape(4, 32), step), 0.5f).total());
                        adam.step();
                    }
                }
                if (step == 400) {
                    before = residentMegabytes();
                }
            }
            long grown = residentMegabytes() - before;
            // One forgotten float32 batch per step would be 390 MB, one forgotten set of gradients per training step 1.7 GB.
            assertTrue(grown < 60, "grew by " + grown + " MB over 2000 steps");
        }
    }

    private static long residentMegabytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024).findFirst().orElseThrow();
    }

    private static ByteBuffer noise(int frames) {
        byte[] pixels = new byte[frames * ConvVae.FRAME_BYTES];
        new Random(3).nextBytes(pixels);
        return ByteBuffer.allocateDirect(pixels.length).put(pixels).clear();
    }
}
