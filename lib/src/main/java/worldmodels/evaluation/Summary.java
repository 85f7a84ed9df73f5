package worldmodels.evaluation;

import java.util.Locale;

/**
 * The kit's way to state a result.
 *
 * @param mean mean over all episodes
 * @param low  lower end of the mean's 95 % bootstrap interval
 * @param high upper end
 * @param sd   standard deviation over all episodes (n - 1)
 * @param n    episodes in all
 * @param k    training seeds; with k = 1 the interval tells how well this one agent is known, not how another training would end
 */
public record Summary(double mean, double low, double high, double sd, int n, int k) {

    /** One seed for all intervals: a table made twice from the same episodes is the same. */
    private static final long SEED = 0;

    /**
     * @param scores (training seeds, episodes of the run)
     * @throws worldmodels.run.KitException if there is nothing to summarise
     */
    public static Summary of(double[][] scores) {
        Bootstrap.Interval interval = Bootstrap.interval(scores, sample -> Statistics.mean(Bootstrap.flat(sample)),
                Bootstrap.Draw.NESTED, 0.95, Bootstrap.RESAMPLES, SEED);
        double[] all = Bootstrap.flat(scores);
        return new Summary(Statistics.mean(all), interval.low(), interval.high(), Statistics.sd(all), all.length, scores.length);
    }

    /** {@code 812.3 [780.1, 841.9], SD 152.0, n 100, k 1}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.1f [%.1f, %.1f], SD %.1f, n %d, k %d", mean, low, high, sd, n, k);
    }
}
