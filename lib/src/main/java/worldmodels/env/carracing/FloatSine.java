package worldmodels.env.carracing;

/**
 * Sine and cosine in float32 with the results of glibc's {@code sinf} and {@code cosf}, which are the peer's and differ from the nearest
 * float32 in about 1 % of the angles; with them a recorded episode replays to the last bit. Angles are reduced to an eighth turn either
 * way, and the polynomials of the two functions there (errors of 0.56 units in the last place) are evaluated in double.
 */
final class FloatSine {

    private static final float LARGEST = 120;
    private static final float SMALLEST = 0x1p-12f;
    private static final double QUARTER_TURN = 0x1.921FB54442D18p0;
    private static final double QUARTER_TURNS_PER_RADIAN = 0x1.45F306DC9C883p-1;
    private static final float EIGHTH_TURN = (float) (Math.PI / 4);

    // sin x = x + S1 x^3 + S2 x^5 + S3 x^7, cos x = 1 + C1 x^2 + C2 x^4 + C3 x^6 + C4 x^8 for |x| <= pi/4.
    private static final double S1 = -0x1.555545995a603p-3;
    private static final double S2 = 0x1.1107605230bc4p-7;
    private static final double S3 = -0x1.994eb3774cf24p-13;
    private static final double C1 = -0x1.ffffffd0c621cp-2;
    private static final double C2 = 0x1.55553e1068f19p-5;
    private static final double C3 = -0x1.6c087e89a359dp-10;
    private static final double C4 = 0x1.99343027bf8c3p-16;

    private FloatSine() {}

    static float sin(float angle) {
        if (Math.abs(angle) < SMALLEST) {
            return angle;
        }
        int quarters = quarters(angle);
        return shifted(reduced(angle, quarters), quarters);
    }

    static float cos(float angle) {
        int quarters = quarters(angle);
        return shifted(reduced(angle, quarters), quarters + 1);
    }

    private static int quarters(float angle) {
        return Math.abs(angle) < EIGHTH_TURN ? 0 : (int) Math.rint(angle * QUARTER_TURNS_PER_RADIAN);
    }

    /** glibc reduces with one double below 120 rad and with many bits above, where two doubles do the same. */
    private static double reduced(float angle, int quarters) {
        return Math.abs(angle) < LARGEST ? angle - quarters * QUARTER_TURN : Sine.reduced(angle, quarters);
    }

    /** sin(x + quarters * pi/2) for |x| <= pi/4. */
    private static float shifted(double x, int quarters) {
        double x2 = x * x;
        double value;
        if ((quarters & 1) == 0) {
            double x3 = x * x2;
            value = x + x3 * S1 + x3 * x2 * (S2 + x2 * S3);
        } else {
            double x4 = x2 * x2;
            value = 1 + x2 * C1 + x4 * C2 + x4 * x2 * (C3 + x2 * C4);
        }
        return (float) ((quarters & 2) == 0 ? value : -value);
    }
}
