package worldmodels.planet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;
import worldmodels.nn.Compute;
import worldmodels.nn.TorchOps;

class DiagonalNormalTest {

    @Test
    void divergenceIsTheMeanLogRatioOfDensities() {
        try (NDManager manager = Compute.newManager()) {
            DiagonalNormal q = normal(manager, new float[] {0.5f, -1}, new float[] {0.7f, 1.3f});
            DiagonalNormal p = normal(manager, new float[] {0, 0.2f}, new float[] {1, 0.9f});
            int n = 200_000;
            NDArray draws = TorchOps.normal(manager, new Shape(n, 2), 3).mul(q.deviation()).add(q.mean());
            double monteCarlo = logDensity(q, draws).sub(logDensity(p, draws)).mean().toFloatArray()[0];
            assertEquals(monteCarlo, q.divergence(p).toFloatArray()[0], 0.01);
        }
    }

    @Test
    void divergenceIsSummedByRowAndNoneBetweenEquals() {
        try (NDManager manager = Compute.newManager()) {
            NDArray mean = manager.create(new float[] {0, 0, 0, 3, 4, 0}, new Shape(2, 3));
            DiagonalNormal q = new DiagonalNormal(mean, mean.onesLike());
            DiagonalNormal standard = new DiagonalNormal(mean.zerosLike(), mean.onesLike());
            // ½ |μ|² between distributions of deviation 1.
            assertArrayEquals(new float[] {0, 12.5f}, q.divergence(standard).toFloatArray(), 1e-6f);
            assertArrayEquals(new float[2], q.divergence(q).toFloatArray(), 1e-7f);
        }
    }

    @Test
    void deviationNeverFallsBelowItsMinimum() {
        try (NDManager manager = Compute.newManager()) {
            DiagonalNormal of = DiagonalNormal.of(manager.create(new float[] {1, 2, -1000, 0}, new Shape(1, 4)), 0.1);
            assertArrayEquals(new float[] {1, 2}, of.mean().toFloatArray());
            assertArrayEquals(new float[] {0.1f, (float) Math.log(2) + 0.1f}, of.deviation().toFloatArray(), 1e-6f);
        }
    }

    private static DiagonalNormal normal(NDManager manager, float[] mean, float[] deviation) {
        return new DiagonalNormal(manager.create(mean, new Shape(1, 2)), manager.create(deviation, new Shape(1, 2)));
    }

    private static NDArray logDensity(DiagonalNormal normal, NDArray draws) {
        NDArray z = draws.sub(normal.mean()).div(normal.deviation());
        return z.square().mul(-0.5f).sub(normal.deviation().log()).sum(new int[] {1}).sub((float) Math.log(2 * Math.PI));
    }
}
