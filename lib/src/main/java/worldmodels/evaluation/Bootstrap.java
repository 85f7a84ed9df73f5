package worldmodels.evaluation;

import java.util.Arrays;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

/**
 * Percentile bootstrap intervals (B. Efron, 1979): the statistic of many samples drawn with replacement from the sample; the interval
 * is what its middle part spans. Percentile rather than BCa, because rliable's intervals are, and the two agree at the sizes used here.
 */
public final class Bootstrap {

    /** How the samples are drawn from rows of scores. */
    public enum Draw {

        /** Each row keeps its place and is drawn from itself: rows are tasks, as in rliable. */
        STRATIFIED,

        /** First rows are drawn, then from each drawn row its scores: rows are training runs, whose differences count as uncertainty. */
        NESTED,

        /**
         * Rows are drawn, and columns, the same for all rows: rows are training runs, columns the tracks that all of them drove. What is hard on one track
         * is so for every run, which drawing tracks for each run by itself would average away (A. B. Owen, "The Pigeonhole Bootstrap", 2007).
         */
        CROSSED
    }

    /** Resamples of every interval the kit prints. */
    public static final int RESAMPLES = 10_000;

    /** An interval and its level, e.g. 0.95. */
    public record Interval(double low, double high, double level) {}

    private Bootstrap() {}

    /**
     * @param scores    (rows, scores of the row); rows may differ in length where they are not crossed, none is empty
     * @param statistic of a sample of the same form; must not keep or change it
     * @param level     e.g. 0.95
     * @param seed      decides the samples; the same seed gives the same interval
     * @throws KitException if there is nothing to draw from, or crossed rows differ in length
     */
    public static Interval interval(double[][] scores, ToDoubleFunction<double[][]> statistic, Draw draw, double level, int resamples,
            long seed) {
        if (scores.length == 0) {
            throw new KitException("A bootstrap interval needs at least one run; there is none.");
        }
        for (double[] row : scores) {
            if (row.length == 0) {
                throw new KitException("A bootstrap interval needs at least one episode in each run; a run has none.");
            }
        }
        Pcg64 random = Pcg64.stream(seed, "bootstrap");
        double[] values = new double[resamples];
        double[][] sample = new double[scores.length][];
        for (int b = 0; b < resamples; b++) {
            if (draw == Draw.CROSSED) {
                sample = crossed(scores, indices(scores.length, random), indices(scores[0].length, random));
            } else {
                for (int r = 0; r < scores.length; r++) {
                    double[] from = draw == Draw.NESTED ? scores[random.integers(scores.length)] : scores[r];
                    if (sample[r] == null || sample[r].length != from.length) {
                        sample[r] = new double[from.length];
                    }
                    for (int i = 0; i < from.length; i++) {
                        sample[r][i] = from[random.integers(from.length)];
                    }
                }
            }
            values[b] = statistic.applyAsDouble(sample);
        }
        return middle(values, level);
    }

    /**
     * Of a statistic of two agents that drove the same tracks: runs are drawn for each by itself, tracks for both together.
     *
     * @param ours   (runs, tracks)
     * @param theirs (their runs, tracks)
     * @throws KitException if a row has another number of tracks
     */
    public static Interval crossed(double[][] ours, double[][] theirs, ToDoubleBiFunction<double[][], double[][]> statistic, double level, int resamples,
            long seed) {
        Pcg64 random = Pcg64.stream(seed, "bootstrap");
        double[] values = new double[resamples];
        for (int b = 0; b < resamples; b++) {
            int[] tracks = indices(ours[0].length, random);
            values[b] = statistic.applyAsDouble(crossed(ours, indices(ours.length, random), tracks), crossed(theirs, indices(theirs.length, random), tracks));
        }
        return middle(values, level);
    }

    /** As many indices below n as n, with replacement. */
    private static int[] indices(int n, Pcg64 random) {
        return IntStream.range(0, n).map(i -> random.integers(n)).toArray();
    }

    private static double[][] crossed(double[][] scores, int[] rows, int[] columns) {
        double[][] sample = new double[rows.length][columns.length];
        for (int r = 0; r < rows.length; r++) {
            double[] from = scores[rows[r]];
            if (from.length != columns.length) {
                throw new KitException("Runs are crossed with the tracks that all of them drove, but one has " + from.length + " and another " + columns.length
                        + "; evaluate every run on the same tracks.");
            }
            for (int i = 0; i < columns.length; i++) {
                sample[r][i] = from[columns[i]];
            }
        }
        return sample;
    }

    private static Interval middle(double[] values, double level) {
        return new Interval(Statistics.quantile(values, (1 - level) / 2), Statistics.quantile(values, (1 + level) / 2), level);
    }

    /** rliable's aggregate: the interquartile mean of all rows' scores taken together, by the stratified bootstrap at 95 %. */
    public static Interval iqm(double[][] scores, long seed) {
        return interval(scores, sample -> Statistics.iqm(flat(sample)), Draw.STRATIFIED, 0.95, RESAMPLES, seed);
    }

    static double[] flat(double[][] rows) {
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    }
}
