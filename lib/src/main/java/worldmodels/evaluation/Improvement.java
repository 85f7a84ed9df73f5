package worldmodels.evaluation;

import java.util.Locale;
import worldmodels.run.KitException;

/**
 * The probability that one agent scores more than another on a track of the test, whichever of their trainings is taken (R. Agarwal et al., NeurIPS 2021,
 * "probability of improvement", after Mann and Whitney; here tasks are tracks):
 *
 * <pre>
 *   P(X &gt; Y) = 1/M sum_m 1/(N K) sum_i sum_j S(x_im, y_jm),   S(x, y) = 1 if x &gt; y, 1/2 if x = y, 0 if x &lt; y
 * </pre>
 *
 * for N runs of X, K of Y and M tracks. It says how often, not by how much; an interval above 1/2 says that X is better.
 *
 * @param probability P(X &gt; Y)
 * @param low         lower end of its 95 % interval, by a bootstrap crossed over runs and tracks
 * @param high        upper end
 */
public record Improvement(double probability, double low, double high) {

    /**
     * @param ours   X (runs, tracks)
     * @param theirs Y (their runs, the same tracks)
     * @throws KitException if there is nothing to compare, or the tracks are not as many
     */
    static Improvement of(double[][] ours, double[][] theirs) {
        if (ours.length == 0 || theirs.length == 0 || ours[0].length == 0 || ours[0].length != theirs[0].length) {
            throw new KitException("A probability of improvement needs two agents that drove the same tracks; evaluate both on them.");
        }
        Bootstrap.Interval interval = Bootstrap.crossed(ours, theirs, Improvement::probability, Summary.LEVEL, Bootstrap.RESAMPLES, Summary.SEED);
        return new Improvement(probability(ours, theirs), interval.low(), interval.high());
    }

    static double probability(double[][] ours, double[][] theirs) {
        double sum = 0;
        for (double[] x : ours) {
            for (double[] y : theirs) {
                for (int track = 0; track < x.length; track++) {
                    sum += x[track] > y[track] ? 1 : x[track] == y[track] ? 0.5 : 0;
                }
            }
        }
        return sum / ((double) ours.length * theirs.length * ours[0].length);
    }

    /** {@code 0.63 [0.55, 0.71]}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.2f [%.2f, %.2f]", probability, low, high);
    }
}
