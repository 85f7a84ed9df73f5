package worldmodels.agent;

import java.util.List;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeResult;
import worldmodels.dream.Beginnings;
import worldmodels.dream.Dream;
import worldmodels.dream.DreamSettings;
import worldmodels.env.EnvironmentMaker;
import worldmodels.env.Space;
import worldmodels.run.Cluster;
import worldmodels.run.Processor;
import worldmodels.run.Progress;

/** Plays a population's episodes. */
@FunctionalInterface
public interface Rollouts extends AutoCloseable {

    /**
     * An agent's candidates in real environments, on the {@linkplain Cluster#chosen chosen cluster} or on this machine's cores: the same bits, where the agent's V
     * encodes frame by frame.
     *
     * @param agent closed by its owner
     * @param lanes episodes at once on this machine
     * @param maker makes one environment
     */
    static Rollouts driving(Agent agent, int lanes, EnvironmentMaker maker) {
        return Cluster.chosen().<Rollouts>map(cluster -> new ClusterRollouts(cluster, ClusterRollouts.driving(agent, maker)))
                .orElseGet(() -> new PopulationRollouts(Processor.available(), lanes, maker, agent::policy));
    }

    /**
     * An agent's candidates in dreams of its M, likewise.
     *
     * @param actions of the real environment
     */
    static Rollouts dreaming(Agent agent, int lanes, DreamSettings dream, Beginnings beginnings, Space actions) {
        return Cluster.chosen().<Rollouts>map(cluster -> new ClusterRollouts(cluster, ClusterRollouts.dreaming(agent, dream, beginnings, actions)))
                .orElseGet(() -> PopulationRollouts.dreaming(Processor.available(), lanes,
                        each -> new Dream(agent.memory(), beginnings, dream, actions, each), agent.controller()));
    }

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
