package worldmodels.env.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ToleranceTest {

    private static final double INFINITE = Double.POSITIVE_INFINITY;

    @Test
    void isOneInsideTheBoundsAndVAtTheMargin() {
        assertEquals(1, Tolerance.gaussian(0.5, 0, 1, 2, 0.1));
        assertEquals(0.1, Tolerance.gaussian(3, 0, 1, 2, 0.1), 1e-15);
        assertEquals(0.1, Tolerance.gaussian(-2, 0, 1, 2, 0.1), 1e-15);
        assertEquals(1, Tolerance.linear(7, 1, INFINITE, 0.5, 0.5));
        assertEquals(0.5, Tolerance.linear(0.5, 1, INFINITE, 0.5, 0.5), 1e-15);
        assertEquals(1, Tolerance.quadratic(0, 0, 0, 1, 0));
        assertEquals(0, Tolerance.quadratic(1, 0, 0, 1, 0));
    }

    @Test
    void fallsAsItsShapeSays() {
        assertEquals(Math.pow(0.1, 0.25), Tolerance.gaussian(1, 0, 0, 2, 0.1), 1e-15);
        assertEquals(0.3, Tolerance.linear(3, 10, INFINITE, 10, 0), 1e-15);
        assertEquals(0, Tolerance.linear(-5, 10, INFINITE, 10, 0));
        assertEquals(0.75, Tolerance.quadratic(-0.5, 0, 0, 1, 0));
        assertEquals(0, Tolerance.quadratic(3, 0, 0, 1, 0));
    }
}
