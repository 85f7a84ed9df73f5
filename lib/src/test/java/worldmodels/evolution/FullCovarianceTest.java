package worldmodels.evolution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import worldmodels.random.Pcg64;

class FullCovarianceTest {

    @Test
    void factorsAMatrixWorkedByHand() {
        // C = [4 . .; 2 10 .; -2 5 9] has A = [2 . .; 1 3 .; -1 2 2].
        FullCovariance covariance = new FullCovariance(3);
        double[][] c = {{4}, {2, 10}, {-2, 5, 9}};
        for (int i = 0; i < 3; i++) {
            System.arraycopy(c[i], 0, covariance.c[i], 0, i + 1);
        }
        assertTrue(covariance.factor());
        assertArrayEquals(new double[] {2}, covariance.a[0], 1e-15);
        assertArrayEquals(new double[] {1, 3}, covariance.a[1], 1e-15);
        assertArrayEquals(new double[] {-1, 2, 2}, covariance.a[2], 1e-15);
        assertArrayEquals(new double[][] {{2, 0}, {4, 3}, {3, 4}}, covariance.transform(new double[][] {{1, 0}, {1, 1}, {1, 1}}));
    }

    @Test
    void factorsManyDimensions() {
        for (int n : new int[] {1, 63, 64, 65, 231, 500}) {
            FullCovariance covariance = random(n);
            assertTrue(covariance.factor());
            for (int i = 0; i < n; i += 7) {
                for (int j = 0; j <= i; j++) {
                    double product = 0;
                    for (int k = 0; k <= j; k++) {
                        product += covariance.a[i][k] * covariance.a[j][k];
                    }
                    assertEquals(covariance.c[i][j], product, 1e-10);
                }
            }
        }
    }

    @Test
    void threadsDoNotChangeABit() throws Exception {
        try (ForkJoinPool one = new ForkJoinPool(1); ForkJoinPool four = new ForkJoinPool(4)) {
            FullCovariance alone = one.submit(() -> factored(400)).get();
            FullCovariance shared = four.submit(() -> factored(400)).get();
            assertArrayEquals(alone.c, shared.c);
            assertArrayEquals(alone.a, shared.a);
        }
    }

    @Test
    void keepsTheOldFactorOfAMatrixThatIsNotPositiveDefinite() {
        FullCovariance covariance = new FullCovariance(80);
        covariance.c[70][70] = -1;
        assertFalse(covariance.factor());
        assertEquals(1, covariance.a[70][70]);
        covariance.c[70][70] = Double.NaN;
        assertFalse(covariance.factor());
    }

    private static FullCovariance factored(int n) {
        FullCovariance covariance = random(n);
        covariance.factor();
        return covariance;
    }

    private static FullCovariance random(int n) {
        FullCovariance covariance = new FullCovariance(n);
        Pcg64 random = Pcg64.seeded(n);
        double[][] vectors = new double[21][n];
        for (double[] vector : vectors) {
            random.standardNormal(vector);
        }
        double[] weights = new double[21];
        Arrays.fill(weights, 0.1);
        covariance.update(0.9, weights, vectors);
        return covariance;
    }
}
