package worldmodels.vision.nvae;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class KlScheduleTest {

    private static final double[] SIZES = {1, 4};
    private static final double[] DIVERGENCES = {30, 10};

    /** γ worked by hand: 30 · 1 to 10 · 4, and 30 / 1 to 10 / 4, each pair of mean 1. */
    @Test
    void thePaperMultipliesByAGroupsSizeAndTheCodeDivides() {
        assertArrayEquals(new double[] {0.5 * 60 / 70, 0.5 * 80 / 70}, new KlSchedule(100, Balancing.PAPER).weights(50, DIVERGENCES, SIZES), 1e-12);
        assertArrayEquals(new double[] {0.5 * 60 / 32.5, 0.5 * 5 / 32.5}, new KlSchedule(100, Balancing.CODE).weights(50, DIVERGENCES, SIZES), 1e-12);
    }

    @Test
    void afterTheWarmUpEveryNatCountsAsOne() {
        for (Balancing balancing : Balancing.values()) {
            assertArrayEquals(new double[] {1, 1}, new KlSchedule(100, balancing).weights(100, DIVERGENCES, SIZES));
        }
        assertEquals(0.25, new KlSchedule(100, Balancing.PAPER).coefficient(25), 1e-12);
    }
}
