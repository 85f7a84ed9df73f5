package worldmodels.study.carracing;

import java.util.Map;
import worldmodels.evaluation.Statistics;
import worldmodels.evolution.Fitness;

/**
 * Candidates on tracks, whole episodes against those that end when the car has stalled.
 *
 * @param rankCorrelation Spearman's, of the candidates' mean scores
 * @param sameParents     share of the better half by whole episodes that is in the better half by cut ones
 * @param wholeSteps      environment steps of the whole episodes
 * @param cutSteps        environment steps of those that may end early
 * @param candidates      how many
 */
public record StallCheck(double rankCorrelation, double sameParents, long wholeSteps, long cutSteps, int candidates) {

    static StallCheck of(Fitness.Returns whole, Fitness.Returns cut) {
        double[] a = Statistics.ranks(whole.means());
        double[] b = Statistics.ranks(cut.means());
        int same = 0;
        int half = 0;
        double middle = (a.length + 1) / 2.0;
        for (int i = 0; i < a.length; i++) {
            half += a[i] > middle ? 1 : 0;
            same += a[i] > middle && b[i] > middle ? 1 : 0;
        }
        return new StallCheck(Statistics.correlation(a, b), half == 0 ? 1 : (double) same / half, whole.totalSteps(), cut.totalSteps(), a.length);
    }

    Map<String, String> facts() {
        return Map.of("rankCorrelation", String.valueOf(rankCorrelation), "sameParents", String.valueOf(sameParents), "wholeSteps",
                String.valueOf(wholeSteps), "cutSteps", String.valueOf(cutSteps), "candidates", String.valueOf(candidates),
                "environmentSteps", String.valueOf(wholeSteps + cutSteps));
    }

    static StallCheck of(Map<String, String> facts) {
        return new StallCheck(Double.parseDouble(facts.get("rankCorrelation")), Double.parseDouble(facts.get("sameParents")),
                Long.parseLong(facts.get("wholeSteps")), Long.parseLong(facts.get("cutSteps")), Integer.parseInt(facts.get("candidates")));
    }
}
