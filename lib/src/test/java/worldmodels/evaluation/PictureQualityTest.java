package worldmodels.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import worldmodels.nn.Compute;
import worldmodels.random.Pcg64;

class PictureQualityTest {

    private static NDArray flat(NDManager manager, int value) {
        return manager.full(new Shape(1, 16, 16, 3), value).toType(DataType.UINT8, false);
    }

    @Test
    void equalsTheFormulasOfFlatPictures() {
        try (NDManager manager = Compute.newManager()) {
            PictureQuality quality = PictureQuality.of(flat(manager, 100), flat(manager, 150));
            assertEquals(10 * Math.log10(255.0 * 255 / 2500), quality.psnr(), 1e-4);
            // Without contrast only the luminance term is left: (2 a b + C1) / (a² + b² + C1).
            double c1 = 2.55 * 2.55;
            assertEquals((2 * 100 * 150 + c1) / (100 * 100 + 150 * 150 + c1), quality.ssim(), 1e-4);
        }
    }

    @Test
    void anExactReconstructionIsPerfectAndNoiseIsNot() {
        try (NDManager manager = Compute.newManager()) {
            NDArray picture = noise(manager, 1);
            PictureQuality exact = PictureQuality.of(picture, picture);
            assertEquals(Double.POSITIVE_INFINITY, exact.psnr());
            assertEquals(1, exact.ssim(), 1e-5);
            PictureQuality other = PictureQuality.of(picture, noise(manager, 2));
            // Two independent even bytes: mean squared error (256² - 1) / 6; nothing in common.
            assertEquals(10 * Math.log10(255.0 * 255 / (65535 / 6.0)), other.psnr(), 0.3);
            assertTrue(Math.abs(other.ssim()) < 0.05, "ssim " + other.ssim());
        }
    }

    @Test
    void inOneWindowItIsTheFormulaWorkedByHand() {
        // Eleven columns of stripes: left of the middle a, the rest b. The Gaussian's weight of the middle column decides the means.
        try (NDManager manager = Compute.newManager()) {
            double middle = 0;
            double sum = 0;
            for (int i = -5; i <= 5; i++) {
                double weight = Math.exp(-i * i / 4.5);
                sum += weight;
                middle = i == 0 ? weight : middle;
            }
            double left = (1 - middle / sum) / 2;
            double[] x = step(left, 40, 200);
            double[] y = step(left, 60, 120);
            double covariance = left * (1 - left) * (200 - 40) * (120 - 60);
            double c1 = 2.55 * 2.55;
            double c2 = 7.65 * 7.65;
            double expected = (2 * x[0] * y[0] + c1) * (2 * covariance + c2) / ((x[0] * x[0] + y[0] * y[0] + c1) * (x[1] + y[1] + c2));
            assertEquals(expected, PictureQuality.of(steps(manager, 40, 200), steps(manager, 60, 120)).ssim(), 1e-4);
        }
    }

    private static double[] step(double left, double a, double b) {
        double mean = left * a + (1 - left) * b;
        return new double[] {mean, left * (a - mean) * (a - mean) + (1 - left) * (b - mean) * (b - mean)};
    }

    private static NDArray steps(NDManager manager, int a, int b) {
        byte[] bytes = new byte[11 * 11 * 3];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i / 3 % 11 < 5 ? a : b);
        }
        return manager.create(ByteBuffer.wrap(bytes), new Shape(1, 11, 11, 3), DataType.UINT8);
    }

    private static NDArray noise(NDManager manager, long seed) {
        byte[] bytes = new byte[4 * 64 * 64 * 3];
        Pcg64 random = Pcg64.stream(seed, "noise");
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (int) (random.uniform(0, 256));
        }
        return manager.create(ByteBuffer.wrap(bytes), new Shape(4, 64, 64, 3), DataType.UINT8);
    }
}
