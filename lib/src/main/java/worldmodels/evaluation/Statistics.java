package worldmodels.evaluation;

import java.util.Arrays;

/** Figures of a sample. */
public final class Statistics {

    private Statistics() {}

    public static double mean(double[] values) {
        return Arrays.stream(values).sum() / values.length;
    }

    /** Standard deviation with n - 1; 0 for a single value. */
    public static double sd(double[] values) {
        double mean = mean(values);
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1));
    }

    /**
     * Interquartile mean: the mean without the lowest and the highest quarter, each of floor(n / 4) values. What R. Agarwal et al., "Deep
     * Reinforcement Learning at the Edge of the Statistical Precipice" (NeurIPS 2021), advise, and what their rliable computes.
     */
    public static double iqm(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int cut = values.length / 4;
        return mean(Arrays.copyOfRange(sorted, cut, values.length - cut));
    }

    /** The q-quantile with linear interpolation between order statistics, numpy's default. */
    public static double quantile(double[] values, double q) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double place = q * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
