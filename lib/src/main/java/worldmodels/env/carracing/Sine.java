package worldmodels.env.carracing;

/**
 * Sine and cosine in double without allocation, alike on every machine: {@link StrictMath}'s take memory at each call, and
 * {@link Math}'s may differ in the last bit. Angles are reduced to an eighth turn with a value of pi/2 in two parts, then the Taylor series
 * is summed to below 1e-16. For angles below 1e5 rad.
 */
final class Sine {

    private static final double QUARTER_TURNS_PER_RADIAN = 2 / Math.PI;
    /** The first 33 bits of pi/2, so that its product with a count of quarter turns is exact, and the rest. */
    private static final double QUARTER_TURN = 0x1.921fb544p0;
    private static final double QUARTER_TURN_REST = 0x1.0b4611a626331p-34;

    private Sine() {}

    static double sin(double angle) {
        double quarters = Math.rint(angle * QUARTER_TURNS_PER_RADIAN);
        return shifted(reduced(angle, quarters), (int) quarters);
    }

    static double cos(double angle) {
        double quarters = Math.rint(angle * QUARTER_TURNS_PER_RADIAN);
        return shifted(reduced(angle, quarters), (int) quarters + 1);
    }

    /** The angle less a whole number of quarter turns. */
    static double reduced(double angle, double quarters) {
        return angle - quarters * QUARTER_TURN - quarters * QUARTER_TURN_REST;
    }

    /** sin(x + quarters * pi/2) for |x| <= pi/4. */
    private static double shifted(double x, int quarters) {
        double x2 = x * x;
        double value;
        if ((quarters & 1) == 0) {
            value = x + x * x2 * (-1.0 / 6 + x2 * (1.0 / 120 + x2 * (-1.0 / 5040 + x2 * (1.0 / 362880 + x2 * (-1.0 / 39916800
                    + x2 * (1.0 / 6227020800.0 - x2 / 1307674368000.0))))));
        } else {
            value = 1 - 0.5 * x2 + x2 * x2 * (1.0 / 24 + x2 * (-1.0 / 720 + x2 * (1.0 / 40320 + x2 * (-1.0 / 3628800
                    + x2 * (1.0 / 479001600 + x2 * (-1.0 / 87178291200.0 + x2 / 20922789888000.0))))));
        }
        return (quarters & 2) == 0 ? value : -value;
    }
}
