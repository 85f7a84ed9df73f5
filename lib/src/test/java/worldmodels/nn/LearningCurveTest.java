package worldmodels.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import worldmodels.run.KitException;

class LearningCurveTest {

    @Test
    void writesAndReadsExactly() {
        LearningCurve curve = LearningCurve.EMPTY.and(10, 1.0 / 3, Double.NaN).and(20, -1e-17, 1.4189385332046727);
        assertEquals(curve, LearningCurve.parse(curve.toCsv()));
        assertEquals(20, curve.last().step());
    }

    @Test
    void refusesOtherText() {
        assertThrows(KitException.class, () -> LearningCurve.parse("1,2,3\n"));
        assertThrows(KitException.class, () -> LearningCurve.parse(LearningCurve.EMPTY.toCsv() + "1,x,2\n"));
        assertThrows(KitException.class, () -> LearningCurve.EMPTY.last());
    }
}
