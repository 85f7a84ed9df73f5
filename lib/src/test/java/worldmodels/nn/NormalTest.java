package worldmodels.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NormalTest {

    private final NDManager manager = Compute.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    private NDArray rows(int rows, float... values) {
        return manager.create(values, new Shape(rows, values.length / rows));
    }

    @Test
    void divergenceIsTheMeanLogRatioOfDensities() {
        Normal q = Normal.of(rows(1, 0.5f, -1), rows(1, 0.7f, 1.3f));
        Normal p = Normal.of(rows(1, 0, 0.2f), rows(1, 1, 0.9f));
        NDArray draws = Noise.normal(manager, new Shape(200_000, 2), 3).mul(q.deviation()).add(q.mean());
        double monteCarlo = q.logDensity(draws).sub(p.logDensity(draws)).mean().toFloatArray()[0];
        assertEquals(monteCarlo, q.divergence(p).toFloatArray()[0], 0.01);
    }

    @Test
    void densityIsTheTextbooks() {
        double expected = 0;
        for (double[] c : new double[][] {{0.5, 0.7, 1}, {-1, 1.3, 0.2}}) {
            expected += -0.5 * Math.pow((c[2] - c[0]) / c[1], 2) - Math.log(c[1] * Math.sqrt(2 * Math.PI));
        }
        assertEquals(expected, Normal.of(rows(1, 0.5f, -1), rows(1, 0.7f, 1.3f)).logDensity(rows(1, 1, 0.2f)).toFloatArray()[0], 1e-6);
    }

    @Test
    void divergenceIsSummedByRowAndNoneBetweenEquals() {
        NDArray mean = rows(2, 0, 0, 0, 3, 4, 0);
        Normal q = Normal.of(mean, mean.onesLike());
        // ½ |μ|² between distributions of deviation 1.
        assertArrayEquals(new float[] {0, 12.5f}, q.divergence(Normal.standard(mean)).toFloatArray(), 1e-6f);
        assertArrayEquals(new float[2], q.divergence(q).toFloatArray(), 1e-7f);
        Normal grid = Normal.of(mean.reshape(2, 1, 3, 1), mean.onesLike().reshape(2, 1, 3, 1));
        assertArrayEquals(new float[] {0, 12.5f}, grid.divergence(Normal.standard(grid.mean())).toFloatArray(), 1e-6f);
    }

    @Test
    void deviationAndLogVarianceSayOneDistribution() {
        Normal byVariance = Normal.ofLogVariance(rows(2, 1, -2, 0, 3), rows(2, 0, -3, 1, 2));
        Normal byDeviation = Normal.of(byVariance.mean(), byVariance.deviation());
        assertArrayEquals(byVariance.logVariance().toFloatArray(), byDeviation.logVariance().toFloatArray(), 1e-6f);
        assertArrayEquals(byVariance.divergence().toFloatArray(), byDeviation.divergence(Normal.standard(byVariance.mean())).toFloatArray(), 1e-5f);
        NDArray noise = rows(2, 0, 0, 1, -1);
        assertArrayEquals(new float[] {1, -2, (float) Math.exp(0.5), (float) (3 - Math.E)}, byVariance.sample(noise).toFloatArray(), 1e-6f);
        assertArrayEquals(byVariance.sample(noise).toFloatArray(), byDeviation.sample(noise).toFloatArray());
    }

    @Test
    void deviationNeverFallsBelowItsLeast() {
        Normal of = Normal.softPlus(rows(1, 1, 2, -1000, 0), 0.1);
        assertArrayEquals(new float[] {1, 2}, of.mean().toFloatArray());
        assertArrayEquals(new float[] {0.1f, (float) Math.log(2) + 0.1f}, of.deviation().toFloatArray(), 1e-6f);
    }
}
