package worldmodels.benchmarks;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
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
import worldmodels.data.EpisodeJob;
import worldmodels.data.Exploration;
import worldmodels.data.Policy;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.env.TimeLimit;
import worldmodels.env.WorldModelsFrame;
import worldmodels.env.carracing.CarRacing;

/** 64 CarRacing environments with World Models frames, stepped by 1 and by 2 threads; steps per second of all lanes together. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class BatchBenchmark {

    private static final int LANES = 64;
    private static final int ZOOM_STEPS = 60;

    @Param({"1", "2"})
    public int threads;

    @Param({"true", "false"})
    public boolean picture;

    private BatchedEnvironment cars;
    private Policy policy;
    private final boolean[] all = new boolean[LANES];
    private final long[] seeds = new long[LANES];
    private final double[] actions = new double[3 * LANES];
    private final double[] rewards = new double[LANES];
    private final boolean[] terminated = new boolean[LANES];
    private final boolean[] truncated = new boolean[LANES];
    private ByteBuffer observations;

    @Setup(Level.Trial)
    public void make() {
        Arrays.fill(all, true);
        cars = new ThreadedEnvironments(LANES, threads, () -> new TimeLimit(WorldModelsFrame.cropped(new CarRacing()), 1_000_000));
        policy = Exploration.PUSH_THEN_HELD.policy(cars.actionSpace(), LANES);
        observations = picture ? cars.newObservations() : null;
    }

    /** Each iteration drives the same way: from the start, when the camera's zoom of the first second is over. */
    @Setup(Level.Iteration)
    public void reset() {
        for (int lane = 0; lane < LANES; lane++) {
            seeds[lane] = lane;
            policy.start(lane, new EpisodeJob(0, lane));
        }
        cars.reset(all, seeds, null);
        for (int t = 0; t < ZOOM_STEPS; t++) {
            policy.act(null, all, actions);
            cars.step(all, actions, rewards, terminated, truncated, null);
        }
    }

    @TearDown(Level.Trial)
    public void close() {
        cars.close();
    }

    @Benchmark
    @OperationsPerInvocation(LANES)
    public double step() {
        policy.act(null, all, actions);
        cars.step(all, actions, rewards, terminated, truncated, observations);
        return rewards[0];
    }
}
