package worldmodels.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeStore;
import worldmodels.data.Exploration;
import worldmodels.data.FrameBatches;
import worldmodels.data.Policy;
import worldmodels.data.RolloutEngine;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.env.TimeLimit;
import worldmodels.env.WorldModelsFrame;
import worldmodels.env.carracing.CarRacing;
import worldmodels.run.Progress;

/**
 * CarRacing episodes of 250 World Models frames: played, recorded to disk, and drawn from disk again as shuffled batches. Frames per
 * second.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class EpisodeBenchmark {

    private static final int LANES = 16;
    private static final int STEPS = 250;
    private static final int BATCH = 100;
    private static final List<EpisodeJob> JOBS = IntStream.range(0, LANES).mapToObj(i -> new EpisodeJob(0, i)).toList();

    private Path folder;
    private int recordings;
    private BatchedEnvironment cars;
    private RolloutEngine engine;
    private Policy policy;
    private FrameBatches batches;
    private ByteBuffer batch;

    @Setup(Level.Trial)
    public void prepare() throws IOException {
        folder = Files.createTempDirectory("episodes");
        cars = new ThreadedEnvironments(LANES, Runtime.getRuntime().availableProcessors(),
                () -> new TimeLimit(WorldModelsFrame.cropped(new CarRacing()), STEPS));
        engine = new RolloutEngine(cars);
        policy = Exploration.PUSH_THEN_HELD.policy(cars.actionSpace(), LANES);
        EpisodeStore store = new EpisodeStore(folder.resolve("drawn"));
        List<EpisodeJob> jobs = IntStream.range(0, 4 * LANES).mapToObj(i -> new EpisodeJob(0, i)).toList();
        // Windows of a quarter of the episodes, so that all is read from disk again and again.
        batches = new FrameBatches(store, store.record(engine, policy, jobs, false, Progress.NONE), BATCH, 1,
                (long) LANES * STEPS * 64 * 64 * 3);
        batch = batches.newBatch();
    }

    @TearDown(Level.Trial)
    public void remove() throws IOException {
        batches.close();
        cars.close();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }

    @Benchmark
    @OperationsPerInvocation(LANES * STEPS)
    public Object playUnseen() {
        return engine.run(JOBS, policy, Progress.NONE);
    }

    @Benchmark
    @OperationsPerInvocation(LANES * STEPS)
    public Object record() {
        return new EpisodeStore(folder.resolve("recording-" + recordings++)).record(engine, policy, JOBS, false, Progress.NONE);
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public ByteBuffer draw() {
        batches.next(batch);
        return batch;
    }
}
