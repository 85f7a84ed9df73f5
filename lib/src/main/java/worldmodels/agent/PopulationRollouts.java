package worldmodels.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import worldmodels.controller.Controller;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeResult;
import worldmodels.data.RolloutEngine;
import worldmodels.dream.Dream;
import worldmodels.env.Environment;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.nn.Compute;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;

/**
 * A population's episodes on all cores: each core has lanes of its own, which it steps, draws and takes through V, M and C by itself, or dreams, so
 * no core ever waits for another. On two cores this is about a third faster than sharing each step among them.
 *
 * <p>Job i goes to core i modulo the number of cores, so the same jobs on as many cores always give the same episodes.
 */
public final class PopulationRollouts implements Rollouts {

    private static final String WORK = "Playing episodes";
    private static final int LOOK_EVERY_MS = 50;

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
     * @param policy makes an agent for so many lanes
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
     * @param maker      makes so many dreams side by side
     * @param controller on [z h]
     */
    public static PopulationRollouts dreaming(int count, int lanes, IntFunction<Dream> maker, Controller controller) {
        return new PopulationRollouts(count, lanes, each -> {
            Dream dream = maker.apply(each);
            return new Core(new RolloutEngine(dream), new FeaturePolicy(controller, dream.observationSpace().size(), each));
        });
    }

    @Override
    public EpisodeResult[] play(double[][] population, List<EpisodeJob> jobs, Progress progress) {
        EpisodeResult[] results = new EpisodeResult[jobs.size()];
        AtomicLongArray finished = new AtomicLongArray(cores.size());
        Throwable[] failures = new Throwable[cores.size()];
        List<Thread> threads = new ArrayList<>();
        int computeThreads = Compute.describe().threads();
        progress.start(WORK, jobs.size(), "episodes");
        for (int c = 0; c < cores.size(); c++) {
            int core = c;
            threads.add(Thread.ofPlatform().daemon().name("driving-" + core).unstarted(() -> {
                try {
                    Compute.useThreads(1);
                    play(core, population, jobs, results, finished);
                } catch (Throwable thrown) {
                    failures[core] = thrown;
                    threads.forEach(Thread::interrupt);
                }
            }));
        }
        threads.forEach(Thread::start);
        boolean interrupted = await(threads, finished, progress);
        Compute.useThreads(computeThreads);
        if (interrupted) {
            throw new StoppedException(WORK);
        }
        throwFirst(failures);
        progress.done("");
        return results;
    }

    private void play(int core, double[][] population, List<EpisodeJob> jobs, EpisodeResult[] results, AtomicLongArray finished) {
        List<EpisodeJob> mine = new ArrayList<>();
        for (int i = core; i < jobs.size(); i += cores.size()) {
            mine.add(jobs.get(i));
        }
        EpisodeResult[] played = cores.get(core).play(population, mine, Progress.ofPart((completed, note) -> finished.set(core, completed)));
        for (int i = 0; i < played.length; i++) {
            results[core + i * cores.size()] = played[i];
        }
    }

    /** Reports progress from the caller's thread until all cores are done; an interrupt is passed on to them. */
    private static boolean await(List<Thread> threads, AtomicLongArray finished, Progress progress) {
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join(LOOK_EVERY_MS);
                } catch (InterruptedException e) {
                    interrupted = true;
                    threads.forEach(Thread::interrupt);
                }
                long sum = 0;
                for (int core = 0; core < finished.length(); core++) {
                    sum += finished.get(core);
                }
                progress.at(sum, "");
            }
        }
        return interrupted;
    }

    private static void throwFirst(Throwable[] failures) {
        for (Throwable failure : failures) {
            switch (failure) {
                // The others were only told to stop.
                case null -> { }
                case StoppedException e -> { }
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                default -> throw new IllegalStateException(failure);
            }
        }
    }

    @Override
    public void close() {
        cores.forEach(Core::close);
    }
}
