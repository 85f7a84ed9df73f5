package worldmodels.env.control;

/**
 * The Control Suite's way to reward being near: 1 inside [low, high], and outside a value that falls with the distance d to the nearer
 * bound, measured in margins, to v at d = 1 (Tassa et al. 2018, section 4 "Reward").
 */
public final class Tolerance {

    private Tolerance() {}

    /** exp(-(d k)^2 / 2) with k = sqrt(-2 ln v). */
    public static double gaussian(double x, double low, double high, double margin, double v) {
        double d = distance(x, low, high, margin);
        double scaled = d * Math.sqrt(-2 * Math.log(v));
        return d == 0 ? 1 : Math.exp(-0.5 * scaled * scaled);
    }

    /** 1 - d (1 - v), not below 0. */
    public static double linear(double x, double low, double high, double margin, double v) {
        return Math.max(0, 1 - distance(x, low, high, margin) * (1 - v));
    }

    /** 1 - (d k)^2 with k = sqrt(1 - v), not below 0. */
    public static double quadratic(double x, double low, double high, double margin, double v) {
        double d = distance(x, low, high, margin);
        return Math.max(0, 1 - d * d * (1 - v));
    }

    /** 0 inside the bounds. */
    private static double distance(double x, double low, double high, double margin) {
        return x < low ? (low - x) / margin : x > high ? (x - high) / margin : 0;
    }
}
