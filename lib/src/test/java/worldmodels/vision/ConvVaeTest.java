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

    @Test
    void encodesAndDecodesPicturesInTheirOwnOrder() {
        try (ConvVae vae = new ConvVae(manager, 32, 1)) {
            Normal posterior = vae.encode(frames(3));
            assertEquals(new Shape(3, 32), posterior.mean().getShape());
            assertEquals(new Shape(3, 32), posterior.logVariance().getShape());
            NDArray pictures = vae.decode(posterior.mean());
            assertEquals(new Shape(3, 64, 64, 3), pictures.getShape());
            for (float value : pictures.toFloatArray()) {
                assertTrue(value >= 0 && value <= 1);
            }
        }
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
            ConvVae.Loss loss = vae.loss(frames, noise, floor);
            assertEquals(error, loss.reconstruction().toFloatArray()[0], 1e-5 * error);
            assertEquals(expected, loss.divergence().toFloatArray()[0], 1e-4 * expected);
            assertEquals(16, vae.loss(frames, noise, 0.5f).divergence().toFloatArray()[0]);
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
