package worldmodels.agent;

import java.util.List;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeResult;
import worldmodels.run.Progress;

/** Plays a population's episodes. */
@FunctionalInterface
public interface Rollouts extends AutoCloseable {

    /**
     * Plays each job's episode to its end.
     *
     * @param population the parameter vectors that the jobs' candidates count; not copied
     * @param progress   counts episodes
     * @return one result per job, in the jobs' order
     * @throws worldmodels.run.StoppedException if interrupted, after a whole step
     */
    EpisodeResult[] play(double[][] population, List<EpisodeJob> jobs, Progress progress);

    @Override
    default void close() {}
}
