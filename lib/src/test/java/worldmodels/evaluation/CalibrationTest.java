package worldmodels.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

class CalibrationTest {

    @Test
    void binsHaveEqualCountsInTheOrderOfThePredictions() {
        Calibration calibration = Calibration.of(new double[] {0.9, 0.1, 0.5, 0.3}, new double[] {1, 0, 1, 0}, 2);
        assertEquals(2, calibration.bins().size());
        assertEquals(0.2, calibration.bins().getFirst().predicted(), 1e-12);
        assertEquals(0.7, calibration.bins().getLast().predicted(), 1e-12);
        assertEquals(1, calibration.bins().getLast().actual());
        assertEquals(2, calibration.bins().getLast().count());
        assertEquals(0.5 * 0.2 + 0.5 * 0.3, calibration.error(), 1e-12);
        assertEquals(0.45, calibration.overall().predicted(), 1e-12);
        assertEquals(0.5, calibration.overall().actual(), 1e-12);
    }

    @Test
    void eventsDrawnWithTheirProbabilitiesAreCalibratedAndBolderOnesAreNot() {
        Pcg64 random = Pcg64.seeded(3);
        double[] probability = new double[40_000];
        double[] bolder = new double[probability.length];
        double[] came = new double[probability.length];
        for (int i = 0; i < came.length; i++) {
            probability[i] = random.nextDouble();
            bolder[i] = probability[i] < 0.5 ? 0 : 1;
            came[i] = random.nextDouble() < probability[i] ? 1 : 0;
        }
        // A bin of 4,000 has a deviation of at most 0.008.
        assertTrue(Calibration.of(probability, came, 10).error() < 0.012);
        assertEquals(0.25, Calibration.of(bolder, came, 10).error(), 0.01);
    }

    @Test
    void refusesWhatHasNoOutcome() {
        assertThrows(KitException.class, () -> Calibration.of(new double[2], new double[1], 3));
        assertThrows(KitException.class, () -> Calibration.of(new double[0], new double[0], 3));
    }
}
