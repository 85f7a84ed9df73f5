package worldmodels.benchmarks;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import worldmodels.env.Transition;
import worldmodels.env.carracing.CarRacing;
import worldmodels.random.Pcg64;

/**
 * CarRacing on one core: steps per second without and with the picture, and resets per second. The driver holds random actions for some
 * steps and resets every 1000 steps or at the end of the episode, so curves, grass and standing still are all in the measure.
 *
 * <p>The original (Gymnasium 0.29.1, CPython 3.11) does about 180 steps per second with its picture and 13,000 without.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class CarRacingBenchmark {

    private static final int EPISODE = 1000;
    private static final int HELD = 12;

    private final CarRacing racing = new CarRacing();
    private final Pcg64 random = Pcg64.seeded(0);
    private final double[] action = new double[3];
    private final ByteBuffer frame = ByteBuffer.allocate(96 * 96 * 3);
    private int steps;
    private long seed;

    @Setup
    public void start() {
        steps = 0;
        racing.reset(seed++);
    }

    @Benchmark
    public Transition step() {
        if (steps++ % HELD == 0) {
            action[0] = random.uniform(-1, 1) * 0.5;
            action[1] = random.nextDouble();
            action[2] = random.integers(5) == 0 ? random.nextDouble() : 0;
        }
        Transition transition = racing.step(action);
        if (transition.ended() || steps >= EPISODE) {
            start();
        }
        return transition;
    }

    @Benchmark
    public ByteBuffer stepAndPicture() {
        step();
        racing.observe(frame.clear());
        return frame;
    }

    @Benchmark
    public int reset() {
        racing.reset(seed++);
        return racing.tileCount();
    }
}
