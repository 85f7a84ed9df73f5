package worldmodels.study.carracing;

import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.Summary;

/**
 * What the {@link LatePhase} added, on selection tracks that neither search has selected by.
 *
 * @param first the C that it began with
 * @param late  its own
 */
public record LateGain(Evaluation first, Evaluation late) {

    /** Whether its C is the one to publish. */
    public boolean isGain() {
        return late.summary().mean() > first.summary().mean();
    }

    /** By how much it is better, run by run and track by track. */
    public Summary difference() {
        return late.minus(first);
    }
}
