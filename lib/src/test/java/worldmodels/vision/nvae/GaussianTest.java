package worldmodels.vision.nvae;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import worldmodels.nn.Compute;
import worldmodels.random.Pcg64;

class GaussianTest {

    private final NDManager manager = Compute.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    private NDArray array(float... values) {
        return manager.create(values, new Shape(1, values.length));
    }

    @Test
    void theNetworksWordIsHeldSoftly() {
        Gaussian g = Gaussian.of(array(0, 5, -1e6f), array(0, 1e6f, -1e6f));
        float[] mean = g.mean().toFloatArray();
        float[] deviation = g.deviation().toFloatArray();
        assertArrayEquals(new float[] {0, (float) (5 * Math.tanh(1)), -5}, mean, 1e-6f);
        assertArrayEquals(new float[] {1.01f, (float) (Math.exp(5) + 0.01), (float) (Math.exp(-5) + 0.01)}, deviation, 1e-4f);
    }

    @Test
    void divergenceEqualsAMonteCarloEstimate() {
        Gaussian q = new Gaussian(array(0.5f), array(0.7f));
        Gaussian p = new Gaussian(array(-0.3f), array(1.4f));
        double found = q.divergence(p).toFloatArray()[0];
        Pcg64 random = Pcg64.stream(1, "divergence");
        int n = 400_000;
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double x = 0.5 + 0.7 * random.standardNormal();
            sum += logDensity(x, 0.5, 0.7) - logDensity(x, -0.3, 1.4);
        }
        assertEquals(sum / n, found, 0.005);
        assertEquals(0, q.divergence(q).toFloatArray()[0], 1e-7);
    }

    private static double logDensity(double x, double mean, double deviation) {
        double z = (x - mean) / deviation;
        return -0.5 * z * z - Math.log(deviation);
    }

    @Test
    void aResidualThatSaysNothingIsThePrior() {
        NDArray mean = array(0.4f, -2);
        NDArray logDeviation = array(-1, 0.5f);
        Gaussian prior = Gaussian.of(mean, logDeviation);
        Gaussian posterior = Gaussian.residual(mean, logDeviation, array(0, 0), array(0, 0));
        assertArrayEquals(new float[2], posterior.divergence(prior).toFloatArray(), 1e-6f);
        Gaussian moved = Gaussian.residual(mean, logDeviation, array(1, 0), array(0, 0));
        float[] divergence = moved.divergence(prior).toFloatArray();
        double sigma = Math.exp(5 * Math.tanh(-0.2)) + 0.01;
        double shift = 5 * Math.tanh(1.4 / 5) - 5 * Math.tanh(0.4 / 5);
        assertEquals(0.5 * shift * shift / (sigma * sigma), divergence[0], 1e-4);
        assertEquals(0, divergence[1], 1e-6);
    }

    @Test
    void aSampleIsTheMeanWithoutNoise() {
        Gaussian q = Gaussian.of(array(1, 2), array(0, 0));
        assertArrayEquals(q.mean().toFloatArray(), q.sample(array(0, 0)).toFloatArray());
        assertArrayEquals(Gaussian.standard(q.mean()).sample(array(3, -4)).toFloatArray(), new float[] {3, -4});
    }
}
