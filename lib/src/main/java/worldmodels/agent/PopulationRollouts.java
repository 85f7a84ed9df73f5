package worldmodels.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import worldmodels.controller.Controller;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeResult;
import worldmodels.data.RolloutEngine;
import worldmodels.dream.Dream;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.Environment;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.nn.SideBySide;
import worldmodels.run.Progress;

/**
 * A population's episodes on all cores: each core has lanes of its own, which it steps, draws and takes through V, M and C by itself, or dreams, so
 * no core ever waits for another. On two cores this is about a third faster than sharing each step among them.
 *
 * <p>Job i goes to core i modulo the number of cores, so the same jobs on as many cores always give the same episodes.
 */
public final class PopulationRollouts implements Rollouts {

    private static final String WORK = "Playing episodes";

    /** One core's lanes. */
    private record Core(RolloutEngine engine, PopulationPolicy policy) implements AutoCloseable {

        EpisodeResult[] play(double[][] population, List<EpisodeJob> jobs, Progress progress) {
            return engine.run(jobs, policy.population(population), progress);
        }

        @Override
        public void close() {
            policy.close();
            engine.environments().close();
        }
    }

    private final List<Core> cores = new ArrayList<>();

    /**
     * Drives in real environments.
     *
     * @param count  how many cores
     * @param lanes  episodes at once, over all cores
     * @param maker  makes one environment
     * @param policy makes an agent for a number of lanes
     */
    public PopulationRollouts(int count, int lanes, Supplier<? extends Environment> maker, IntFunction<? extends PopulationPolicy> policy) {
        this(count, lanes, each -> new Core(new RolloutEngine(new ThreadedEnvironments(each, 1, maker)), policy.apply(each)));
    }

    private PopulationRollouts(int count, int lanes, IntFunction<Core> maker) {
        for (int core = 0; core < count; core++) {
            cores.add(maker.apply(Math.max(1, lanes / count)));
        }
    }

    /**
     * Drives in dreams; the jobs' seeds are the dreams'.
     *
     * @param count      how many cores
     * @param lanes      dreams at once, over all cores
     * @param maker      makes a number of dreams side by side
     * @param controller on [z h]
     */
    public static PopulationRollouts dreaming(int count, int lanes, IntFunction<Dream> maker, Controller controller) {
        return seeing(count, lanes, maker, controller);
    }

    /**
     * Plays where an observation is what the controller sees.
     *
     * @param count      how many cores
     * @param lanes      episodes at once, over all cores
     * @param maker      makes a number of environments side by side, for one thread
     * @param controller on their observations
     */
    public static PopulationRollouts seeing(int count, int lanes, IntFunction<? extends BatchedEnvironment> maker, Controller controller) {
        return new PopulationRollouts(count, lanes, each -> {
            BatchedEnvironment environments = maker.apply(each);
            return new Core(new RolloutEngine(environments), new FeaturePolicy(controller, environments.observationSpace().size(), each));
        });
    }

    @Override
    public EpisodeResult[] play(double[][] population, List<EpisodeJob> jobs, Progress progress) {
        EpisodeResult[] results = new EpisodeResult[jobs.size()];
        List<SideBySide.Piece> shares = IntStream.range(0, cores.size()).mapToObj(core -> {
            List<EpisodeJob> mine = IntStream.range(0, jobs.size()).filter(i -> i % cores.size() == core).mapToObj(jobs::get).toList();
            return new SideBySide.Piece(WORK, 0, mine.size(), shown -> {
                EpisodeResult[] played = cores.get(core).play(population, mine, shown);
                for (int i = 0; i < played.length; i++) {
                    results[core + i * cores.size()] = played[i];
                }
            });
        }).toList();
        SideBySide.run(WORK, "episodes", cores.size(), shares, progress);
        return results;
    }

    @Override
    public void close() {
        cores.forEach(Core::close);
    }
}
