package worldmodels.report;

import java.util.Locale;

/** How numbers are printed in tables and figures. */
public final class Numbers {

    public static final String ABSENT = "–";

    private Numbers() {}

    /** Whole numbers whole, from 10 up one decimal, below that three significant digits; a dash for NaN. */
    public static String text(double value) {
        double size = Math.abs(value);
        if (Double.isNaN(value)) {
            return ABSENT;
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "∞" : "-∞";
        }
        if (value == Math.rint(value) && size < 1e9) {
            return String.valueOf((long) value);
        }
        if (size >= 1e7 || size < 1e-3) {
            return String.format(Locale.ROOT, "%.2e", value);
        }
        int decimals = size >= 10 ? 1 : size >= 1 ? 2 : 2 - (int) Math.floor(Math.log10(size));
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    /** As {@link String#format(Locale, String, Object...)}, with a point before decimals wherever the machine stands. */
    public static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    /** With its sign always shown: {@code +12.3}. */
    static String signed(double value) {
        return value > 0 ? "+" + text(value) : text(value);
    }
}
