package worldmodels.evaluation;

import java.util.Locale;

/**
 * The kit's way to state a result. Median and interquartile mean stand beside the mean because a few lost episodes move it most (R. Agarwal et al., "Deep
 * Reinforcement Learning at the Edge of the Statistical Precipice", NeurIPS 2021).
 *
 * @param mean   mean over all episodes
 * @param low    lower end of the mean's 95 % bootstrap interval
 * @param high   upper end
 * @param sd     standard deviation over all episodes (n - 1)
 * @param median of all episodes
 * @param iqm    interquartile mean of all episodes ({@link Statistics#iqm})
 * @param n      episodes in all
 * @param k      training seeds; with k = 1 the interval tells how well this one agent is known, not how another training would end
 */
public record Summary(double mean, double low, double high, double sd, double median, double iqm, int n, int k) {

    /** One seed for all intervals: a table made twice from the same episodes is the same. */
    static final long SEED = 0;
    static final double LEVEL = 0.95;

    /**
     * Of runs that met episodes of their own.
     *
     * @param scores (training seeds, episodes of the run)
     * @throws worldmodels.run.KitException if there is nothing to summarise
     */
    public static Summary of(double[][] scores) {
        return of(scores, Bootstrap.Draw.NESTED);
    }

    /**
     * Of runs that drove the same tracks: both runs and tracks are drawn ({@link Bootstrap.Draw#CROSSED}).
     *
     * @param scores (training seeds, tracks)
     * @throws worldmodels.run.KitException if there is nothing to summarise, or a run has not driven them all
     */
    public static Summary crossed(double[][] scores) {
        return of(scores, Bootstrap.Draw.CROSSED);
    }

    private static Summary of(double[][] scores, Bootstrap.Draw draw) {
        Bootstrap.Interval interval = Bootstrap.interval(scores, sample -> Statistics.mean(Bootstrap.flat(sample)), draw, LEVEL, Bootstrap.RESAMPLES, SEED);
        double[] all = Bootstrap.flat(scores);
        return new Summary(Statistics.mean(all), interval.low(), interval.high(), Statistics.sd(all), Statistics.quantile(all, 0.5), Statistics.iqm(all), all.length,
                scores.length);
    }

    /** {@code 812.3 [780.1, 841.9], SD 152.0, n 100, k 1}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.1f [%.1f, %.1f], SD %.1f, n %d, k %d", mean, low, high, sd, n, k);
    }
}
