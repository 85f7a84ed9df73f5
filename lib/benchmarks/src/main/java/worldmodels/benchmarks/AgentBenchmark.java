package worldmodels.benchmarks;

import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import worldmodels.agent.LatentChoice;
import worldmodels.agent.PopulationRollouts;
import worldmodels.agent.WorldModelPolicy;
import worldmodels.controller.Controller;
import worldmodels.controller.Features;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeResult;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.env.TimeLimit;
import worldmodels.env.WorldModelsFrame;
import worldmodels.env.carracing.CarRacing;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MdnRnnShape;
import worldmodels.nn.Compute;
import worldmodels.random.Pcg64;
import worldmodels.run.Progress;
import worldmodels.vision.ConvVae;

/**
 * A population of 64 agents on CarRacing: environment steps per second in all, with drawing, preprocessing, V, M and C; and the acting
 * alone. The authors' 64 workers made 6.7 steps per second and core.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class AgentBenchmark {

    private static final int POPULATION = 64;
    private static final int EPISODE = 1000;

    @Param({"Z_H", "Z"})
    private Features features;

    private final NDManager manager = Compute.newManager();
    private final ConvVae vision = new ConvVae(manager, 32, 1);
    private final MdnRnn memory = new MdnRnn(manager, MdnRnnShape.carRacing(32), 1);
    private final boolean[] active = new boolean[POPULATION];
    private final boolean[] fresh = new boolean[POPULATION];
    private final long[] seeds = new long[POPULATION];
    private final double[] actions = new double[POPULATION * 3];
    private final double[] rewards = new double[POPULATION];
    private final boolean[] terminated = new boolean[POPULATION];
    private final boolean[] truncated = new boolean[POPULATION];
    private BatchedEnvironment environments;
    private WorldModelPolicy policy;
    private ByteBuffer observations;
    private int steps;
    private double[][] population;
    private PopulationRollouts rollouts;
    private long track;

    @Setup(Level.Trial)
    public void prepare() {
        environments = new ThreadedEnvironments(POPULATION, Runtime.getRuntime().availableProcessors(),
                () -> WorldModelsFrame.cropped(new CarRacing()));
        observations = environments.newObservations();
        Controller controller = features.controller(32, 256);
        policy = new WorldModelPolicy(vision, memory, controller, LatentChoice.SAMPLED, POPULATION);
        Pcg64 random = Pcg64.seeded(1);
        population = new double[POPULATION][controller.parameterCount()];
        for (double[] parameters : population) {
            random.standardNormal(parameters);
            for (int i = 0; i < parameters.length; i++) {
                parameters[i] *= 0.1;
            }
        }
        policy.population(population);
        rollouts = new PopulationRollouts(Runtime.getRuntime().availableProcessors(), POPULATION,
                () -> new TimeLimit(WorldModelsFrame.cropped(new CarRacing()), EPISODE),
                lanes -> new WorldModelPolicy(vision, memory, controller, LatentChoice.SAMPLED, lanes));
        Arrays.fill(active, true);
        steps = EPISODE;
    }

    @TearDown
    public void close() {
        rollouts.close();
        policy.close();
        environments.close();
        manager.close();
    }

    /** Environment steps of the rollouts and the time they took; their ratio is the figure to read. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Count {
        public long steps;
        public double seconds;
    }

    /** Each of 64 candidates drives one track for a whole episode, as in a generation. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.SECONDS)
    public EpisodeResult[] population(Count count) {
        List<EpisodeJob> jobs = IntStream.range(0, POPULATION).mapToObj(candidate -> new EpisodeJob(candidate, track)).toList();
        track++;
        long start = System.nanoTime();
        EpisodeResult[] results = rollouts.play(population, jobs, Progress.NONE);
        count.seconds += (System.nanoTime() - start) / 1e9;
        count.steps += Arrays.stream(results).mapToLong(EpisodeResult::length).sum();
        return results;
    }

    @Benchmark
    @OperationsPerInvocation(POPULATION)
    public double[] actingAlone() {
        renew();
        policy.act(observations.clear(), active, actions);
        return actions;
    }

    @Benchmark
    @OperationsPerInvocation(POPULATION)
    public double[] environmentsAlone() {
        renew();
        environments.step(active, actions, rewards, terminated, truncated, observations);
        return rewards;
    }

    /** Restarts lanes that ended, and all of them after 1,000 steps. */
    private void renew() {
        boolean any = false;
        for (int lane = 0; lane < POPULATION; lane++) {
            fresh[lane] = steps >= EPISODE || terminated[lane] || truncated[lane];
            if (fresh[lane]) {
                any = true;
                seeds[lane] += POPULATION;
                policy.start(lane, new EpisodeJob(lane, seeds[lane] + lane));
            }
        }
        if (any) {
            environments.reset(fresh, seeds, observations);
            steps = steps >= EPISODE ? 0 : steps;
        }
        steps++;
    }
}
