package worldmodels.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import worldmodels.nn.Compute;
import worldmodels.nn.Noise;
import worldmodels.nn.Normal;

class ConvVaeTest {

    private final NDManager manager = Compute.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void hasTheAuthorsNumberOfParameters() {
        try (ConvVae vae = new ConvVae(manager, 32, 1)) {
            assertEquals(4_348_547, vae.parameters().count());
        }
    }

    /** What a batch gives for a picture is what the picture gives alone, and no other picture gives it. */
    @Test
    void aPictureIsEncodedAndDecodedByItself() {
        try (ConvVae vae = new ConvVae(manager, 32, 1)) {
            NDArray frames = frames(3);
            Normal together = vae.encode(frames);
            NDArray pictures = vae.decode(together.mean());
            assertEquals(new Shape(3, 32), together.logVariance().getShape());
            assertEquals(new Shape(3, 64, 64, 3), pictures.getShape());
            for (int i = 0; i < 3; i++) {
                Normal alone = vae.encode(frames.get(i + ":" + (i + 1)));
                assertArrayEquals(alone.mean().toFloatArray(), together.mean().get(i).toFloatArray(), 1e-5f);
                assertArrayEquals(alone.logVariance().toFloatArray(), together.logVariance().get(i).toFloatArray(), 1e-5f);
                assertArrayEquals(vae.decode(alone.mean()).toFloatArray(), pictures.get(i).toFloatArray(), 1e-5f);
                float[] next = together.mean().get((i + 1) % 3).toFloatArray();
                assertTrue(farthest(alone.mean().toFloatArray(), next) > 0.01, "picture " + i + " is told from the next");
            }
        }
    }

    /** An encoder that sees the blue of the first column alone, and a decoder whose colours are its last layer's biases. */
    @Test
    void picturesLieAsRowsColumnsColours() {
        try (ConvVae vae = new ConvVae(manager, 4, 1)) {
            float[] kernels = new float[32 * 3 * 4 * 4];
            for (int o = 0; o < 32; o++) {
                for (int row = 0; row < 4; row++) {
                    kernels[((o * 3 + 2) * 4 + row) * 4] = 0.1f * (o + row + 1);
                }
            }
            vae.parameters().set("enc_conv1.weight", manager.create(kernels, new Shape(32, 3, 4, 4)));
            vae.parameters().set("dec_deconv4.weight", manager.zeros(new Shape(32, 3, 6, 6)));
            vae.parameters().set("dec_deconv4.bias", manager.create(new float[] {-1, 0, 2}));
            float[] black = mean(vae, (row, column, colour) -> 0);
            assertTrue(farthest(black, mean(vae, (row, column, colour) -> colour == 2 && column % 2 == 0 ? 200 : 0)) > 0.01);
            assertArrayEquals(black, mean(vae, (row, column, colour) -> colour == 2 && column % 2 == 1 ? 200 : 0), 1e-6f);
            assertArrayEquals(black, mean(vae, (row, column, colour) -> colour < 2 ? 200 : 0), 1e-6f);
            float[] picture = vae.decode(manager.zeros(new Shape(1, 4))).toFloatArray();
            for (int i = 0; i < picture.length; i++) {
                assertEquals(1 / (1 + Math.exp(-new double[] {-1, 0, 2}[i % 3])), picture[i], 1e-6);
            }
        }
    }

    private interface Painted {
        int at(int row, int column, int colour);
    }

    private float[] mean(ConvVae vae, Painted painted) {
        ByteBuffer pixels = ByteBuffer.allocateDirect(ConvVae.FRAME_BYTES);
        for (int i = 0; i < pixels.capacity(); i++) {
            pixels.put(i, (byte) painted.at(i / 192, i / 3 % 64, i % 3));
        }
        return vae.encode(manager.create(pixels, new Shape(1, 64, 64, 3), DataType.UINT8)).mean().toFloatArray();
    }

    private static double farthest(float[] one, float[] other) {
        double farthest = 0;
        for (int i = 0; i < one.length; i++) {
            farthest = Math.max(farthest, Math.abs(one[i] - other[i]));
        }
        return farthest;
    }

    @Test
    void firstWeightsDependOnTheSeedAlone() {
        try (ConvVae one = new ConvVae(manager, 8, 5);
                ConvVae same = new ConvVae(manager, 8, 5);
                ConvVae other = new ConvVae(manager, 8, 6)) {
            float[] weights = one.parameters().array("dec_deconv2.weight").toFloatArray();
            assertArrayEquals(weights, same.parameters().array("dec_deconv2.weight").toFloatArray());
            assertTrue(weights[0] != other.parameters().array("dec_deconv2.weight").toFloatArray()[0]);
        }
    }

    /** Recomputed from the decoded picture, number by number. */
    @Test
    void lossIsSquaredErrorPerPictureAndDivergenceAboveItsFloorPicturePerPicture() {
        int batch = 2;
        try (ConvVae vae = new ConvVae(manager, 32, 3)) {
            NDArray frames = frames(batch);
            NDArray noise = Noise.normal(manager, new Shape(batch, 32), 9);
            Normal posterior = vae.encode(frames);
            float[] picture = vae.decode(posterior.sample(noise)).toFloatArray();
            byte[] pixels = frames.toByteArray();
            double error = 0;
            for (int i = 0; i < picture.length; i++) {
                double d = picture[i] - (pixels[i] & 255) / 255.0;
                error += d * d / batch;
            }
            float[] mean = posterior.mean().toFloatArray();
            float[] logVariance = posterior.logVariance().toFloatArray();
            double[] divergence = new double[batch];
            for (int i = 0; i < mean.length; i++) {
                divergence[i / 32] -= 0.5 * (1 + logVariance[i] - (double) mean[i] * mean[i] - Math.exp(logVariance[i]));
            }
            // A floor between the two pictures' divergences tells a floor per picture from one on the mean.
            float floor = (float) ((divergence[0] + divergence[1]) / 2 / 32);
            double expected = (Math.max(divergence[0], floor * 32) + Math.max(divergence[1], floor * 32)) / 2;
            VisionLearner.Loss loss = vae.loss(frames, noise, floor);
            assertEquals(error, loss.reconstruction().toFloatArray()[0], 1e-5 * error);
            assertEquals(expected, loss.divergences().getFirst().toFloatArray()[0], 1e-4 * expected);
            assertEquals(16, vae.loss(frames, noise, 0.5f).divergences().getFirst().toFloatArray()[0]);
        }
    }

    /** Gradients in different pictures: stripes that differ from one another. */
    private NDArray frames(int batch) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(batch * 64 * 64 * 3);
        for (int i = 0; i < buffer.capacity(); i++) {
            int picture = i / (64 * 64 * 3);
            buffer.put(i, (byte) (i * (7 + 3 * picture) + i / 191));
        }
        return manager.create(buffer, new Shape(batch, 64, 64, 3), DataType.UINT8);
    }
}
