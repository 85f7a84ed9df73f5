package worldmodels.evaluation;

import java.util.Arrays;

/**
 * The share of episodes that score more than tau, for every tau (R. Agarwal et al., NeurIPS 2021, "score distributions", after Dolan and More 2002):
 *
 * <pre>
 *   F(tau) = 1/M sum_m 1/N sum_n 1[x_nm &gt; tau]
 * </pre>
 *
 * for N runs and M tracks. A curve that lies above another everywhere is better in every quantile; its area is the mean.
 *
 * @param scores tau
 * @param shares F at each
 * @param low    lower ends of the 95 % intervals, each for itself, by a bootstrap crossed over runs and tracks
 * @param high   upper ends
 */
public record PerformanceProfile(double[] scores, double[] shares, double[] low, double[] high) {

    /** Fewer than for a table: there is an interval at every tau. */
    private static final int RESAMPLES = 1_000;

    /** @param runs (runs, tracks) */
    static PerformanceProfile of(double[][] runs, Bootstrap.Draw draw, double[] scores) {
        double[] low = new double[scores.length];
        double[] high = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            double tau = scores[i];
            Bootstrap.Interval interval = Bootstrap.interval(runs, sample -> share(sample, tau), draw, Summary.LEVEL, RESAMPLES, Summary.SEED);
            low[i] = interval.low();
            high[i] = interval.high();
        }
        return new PerformanceProfile(scores.clone(), Arrays.stream(scores).map(tau -> share(runs, tau)).toArray(), low, high);
    }

    private static double share(double[][] runs, double tau) {
        int more = 0;
        int all = 0;
        for (double[] run : runs) {
            for (double score : run) {
                more += score > tau ? 1 : 0;
                all++;
            }
        }
        return (double) more / all;
    }
}
