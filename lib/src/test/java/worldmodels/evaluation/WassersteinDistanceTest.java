package worldmodels.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import worldmodels.run.KitException;

class WassersteinDistanceTest {

    @Test
    void aShiftIsAsFarAsItIsLong() {
        float[] a = {0, 0, 1, 0, 0, 2, 5, 5};
        float[] b = new float[a.length];
        int[] shuffled = {2, 0, 3, 1};
        for (int i = 0; i < 4; i++) {
            b[2 * shuffled[i]] = a[2 * i] + 3;
            b[2 * shuffled[i] + 1] = a[2 * i + 1] - 4;
        }
        assertEquals(5, WassersteinDistance.between(a, b, 2), 1e-12);
        assertEquals(0, WassersteinDistance.between(a, a, 2), 1e-12);
    }

    /** On a line, the best way to pair points is in their order. */
    @Test
    void onALineItIsTheMeanDistanceOfSortedPoints() {
        Random random = new Random(5);
        float[] a = new float[300];
        float[] b = new float[300];
        for (int i = 0; i < a.length; i++) {
            a[i] = (float) random.nextGaussian();
            b[i] = (float) (2 * random.nextGaussian() + 0.5);
        }
        float[] x = a.clone();
        float[] y = b.clone();
        Arrays.sort(x);
        Arrays.sort(y);
        double expected = 0;
        for (int i = 0; i < x.length; i++) {
            expected += Math.abs(x[i] - y[i]) / x.length;
        }
        assertEquals(expected, WassersteinDistance.between(a, b, 1), 1e-6);
    }

    @Test
    void noOrderOfColumnsIsCheaper() {
        Random random = new Random(6);
        for (int trial = 0; trial < 50; trial++) {
            double[][] cost = new double[6][6];
            for (double[] row : cost) {
                Arrays.setAll(row, j -> Math.abs(random.nextGaussian()));
            }
            int[] to = WassersteinDistance.assignment(cost);
            assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5}, Arrays.stream(to).sorted().toArray());
            double found = 0;
            for (int i = 0; i < 6; i++) {
                found += cost[i][to[i]];
            }
            assertEquals(cheapest(cost, 0, new boolean[6]), found, 1e-12);
        }
    }

    private static double cheapest(double[][] cost, int row, boolean[] taken) {
        if (row == cost.length) {
            return 0;
        }
        double least = Double.POSITIVE_INFINITY;
        for (int j = 0; j < cost.length; j++) {
            if (!taken[j]) {
                taken[j] = true;
                least = Math.min(least, cost[row][j] + cheapest(cost, row + 1, taken));
                taken[j] = false;
            }
        }
        return least;
    }

    @Test
    void refusesUnequalNumbers() {
        String message = assertThrows(KitException.class, () -> WassersteinDistance.between(new float[4], new float[6], 2)).getMessage();
        assertTrue(message.contains("not 2.0 and 3.0"), message);
    }
}
