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

    /** The rank of each value, 1 for the least; equal values share the mean of their ranks. */
    public static double[] ranks(double[] values) {
        double[] ranks = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            int below = 0;
            int equal = 0;
            for (double other : values) {
                below += other < values[i] ? 1 : 0;
                equal += other == values[i] ? 1 : 0;
            }
            ranks[i] = below + (equal + 1) / 2.0;
        }
        return ranks;
    }

    /** Pearson's correlation; of ranks it is Spearman's. NaN if either does not vary. */
    public static double correlation(double[] a, double[] b) {
        double meanA = mean(a);
        double meanB = mean(b);
        double together = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int i = 0; i < a.length; i++) {
            together += (a[i] - meanA) * (b[i] - meanB);
            squaresA += (a[i] - meanA) * (a[i] - meanA);
            squaresB += (b[i] - meanB) * (b[i] - meanB);
        }
        return together / Math.sqrt(squaresA * squaresB);
    }
}
