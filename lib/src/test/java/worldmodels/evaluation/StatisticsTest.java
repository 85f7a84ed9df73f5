package worldmodels.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class StatisticsTest {

    @Test
    void figuresAreThoseWorkedByHand() {
        double[] values = {9, 1, 4, 2};
        assertEquals(4, Statistics.mean(values));
        assertEquals(Math.sqrt((25 + 9 + 0 + 4) / 3.0), Statistics.sd(values), 1e-15);
        assertEquals(0, Statistics.sd(new double[] {5}));
    }

    @Test
    void interquartileMeanLeavesOutAQuarterAtEachEnd() {
        assertEquals(4.5, Statistics.iqm(new double[] {1, 2, 3, 4, 5, 6, 7, 8}));
        assertEquals(4.5, Statistics.iqm(new double[] {-1e9, 2, 1e9, 3, 4, 5, 6, 7}), "outliers do not matter");
        // scipy.stats.trim_mean(range(1, 11) squared, 0.25): 2 of 10 are cut at each end, (9 + 16 + 25 + 36 + 49 + 64) / 6.
        assertEquals(199 / 6.0, Statistics.iqm(new double[] {1, 4, 9, 16, 25, 36, 49, 64, 81, 100}), 1e-13);
        assertEquals(2, Statistics.iqm(new double[] {1, 2, 3}));
    }

    @Test
    void ranksAndTheirCorrelationAreThoseWorkedByHand() {
        assertArrayEquals(new double[] {4, 1, 2.5, 2.5}, Statistics.ranks(new double[] {9, -1, 2, 2}));
        // Spearman by 1 - 6 Σ d² / (n (n² - 1)): ranks differ by 1, 1, 0, 0.
        assertEquals(1 - 6 * 2 / 60.0, Statistics.correlation(new double[] {1, 2, 3, 4}, new double[] {2, 1, 3, 4}), 1e-15);
        assertEquals(-1, Statistics.correlation(new double[] {1, 2, 3}, new double[] {5, 3, 1}), 1e-15);
    }

    @Test
    void quantilesAreNumpys() {
        double[] values = {40, 10, 20, 30};
        assertEquals(10, Statistics.quantile(values, 0));
        assertEquals(17.5, Statistics.quantile(values, 0.25));
        assertEquals(25, Statistics.quantile(values, 0.5));
        assertEquals(39.25, Statistics.quantile(values, 0.975), 1e-12);
        assertEquals(40, Statistics.quantile(values, 1));
    }
}
