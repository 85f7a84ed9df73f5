package worldmodels.study.carracing;

import java.util.List;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.Statistics;
import worldmodels.evaluation.TestEpisode;

/**
 * Finished laps among whole episodes. A tile brings 1000 / N, a step costs 0.1, so score + 0.1 steps is 1000 exactly where all N tiles were visited.
 *
 * @param finished how many episodes have one
 * @param steps    median of their lengths, the lap time; NaN where there is none
 */
public record Laps(int finished, double steps) {

    /** Of tiles; one of them is more than a thousandth of any track. */
    private static final double ALL = 0.999;

    static Laps of(Evaluation evaluation) {
        List<TestEpisode> laps = evaluation.episodes().stream().filter(e -> (e.score() + 0.1 * e.steps()) / 1000 > ALL).toList();
        return new Laps(laps.size(), laps.isEmpty() ? Double.NaN : Statistics.quantile(laps.stream().mapToDouble(TestEpisode::steps).toArray(), 0.5));
    }
}
