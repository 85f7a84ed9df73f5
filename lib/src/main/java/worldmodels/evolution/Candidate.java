package worldmodels.evolution;

import java.util.Arrays;

/**
 * A distribution mean that was tried on the selection tracks.
 *
 * @param parameters     the controller's parameter vector
 * @param generation     after which generation it was the mean
 * @param selectionScore its mean score over the selection tracks: an optimistic figure, since the best of several is kept; report the
 *                       score on test tracks
 * @param selectionSd    standard deviation over the selection tracks (n - 1)
 * @param tracks         how many selection tracks
 */
public record Candidate(double[] parameters, int generation, double selectionScore, double selectionSd, int tracks) {

    static Candidate of(double[] parameters, int generation, double[] scores) {
        Generation spread = Generation.of(generation, scores, 0, 0, 0, 0);
        double mean = Arrays.stream(scores).sum() / scores.length;
        return new Candidate(parameters, generation, mean, spread.sd(), scores.length);
    }
}
