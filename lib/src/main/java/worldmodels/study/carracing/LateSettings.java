package worldmodels.study.carracing;

import java.util.List;
import java.util.stream.LongStream;
import worldmodels.controller.Features;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.run.KitException;
import worldmodels.run.Settings.Above;
import worldmodels.run.Settings.Key;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Section;

/**
 * The {@link LatePhase}; its candidates are as many as those of the first search, and their episodes as long.
 *
 * @param generations in all; 0 leaves the phase out
 * @param sigma       first step size
 * @param rollouts    tracks that each candidate drives
 * @param averaged    the last distribution means whose mean is its C
 */
@Section("late")
record LateSettings(@Least(0) int generations, @Above(0) double sigma, @Least(1) int rollouts, @Least(1) int averaged) {

    LateSettings {
        if (generations > 0 && averaged > generations) {
            throw new KitException("Setting late.averaged is " + averaged + ", but late.generations only " + generations + "; average as many means as there are"
                    + " at most.");
        }
    }

    /** Which rows get one. */
    @Section("late")
    record Rows(List<Features> features) {}

    /**
     * On what it is compared with the C that it began with.
     *
     * @param tracks how many selection tracks
     * @param seen   those that the first search selected by, which come before them
     */
    @Section("late")
    record Compared(@Least(1) int tracks, @Key("evolution.selectionTracks") @Least(1) int seen) {

        long[] seeds() {
            return LongStream.range(seen, (long) seen + tracks).map(TrackSeeds.SELECT::seed).toArray();
        }
    }
}
