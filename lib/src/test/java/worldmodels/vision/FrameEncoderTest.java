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

    @Test
    void aFrameIsEncodedToTheSameBitsInAnyBatch() {
        try (ConvVae vae = new ConvVae(manager, 40, 1); FrameEncoder encoder = vae.encoder()) {
            ByteBuffer frames = noise(19);
            float[] all = new float[19 * 40];
            encoder.encode(frames, 19, all, null);
            for (int i = 0; i < 19; i++) {
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
