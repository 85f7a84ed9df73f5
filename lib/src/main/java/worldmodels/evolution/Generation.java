package worldmodels.evolution;

import java.util.Arrays;

/**
 * One generation in figures. Scores are candidates' means over the generation's tracks; those that are not finite are left out.
 *
 * @param number         1 for the first
 * @param mean           mean over candidates
 * @param best           greatest candidate mean: a lucky one among many, not to be reported as a result
 * @param worst          least candidate mean
 * @param sd             standard deviation over candidates (n - 1)
 * @param sigma          step size after the generation
 * @param steps          environment steps, those on selection tracks included
 * @param seconds        wall time
 * @param selectionScore the distribution mean's score on the selection tracks; NaN in generations without selection
 */
public record Generation(int number, double mean, double best, double worst, double sd, double sigma, long steps, double seconds,
        double selectionScore) {

    static Generation of(int number, double[] scores, double sigma, long steps, double seconds, double selectionScore) {
        double[] finite = Arrays.stream(scores).filter(Double::isFinite).toArray();
        double mean = Arrays.stream(finite).sum() / finite.length;
        double squares = Arrays.stream(finite).map(score -> (score - mean) * (score - mean)).sum();
        return new Generation(number, mean, Arrays.stream(finite).max().orElse(Double.NaN), Arrays.stream(finite).min().orElse(Double.NaN),
                finite.length < 2 ? 0 : Math.sqrt(squares / (finite.length - 1)), sigma, steps, seconds, selectionScore);
    }

    /** Whether the distribution mean was tried on the selection tracks. */
    public boolean selected() {
        return !Double.isNaN(selectionScore);
    }
}
