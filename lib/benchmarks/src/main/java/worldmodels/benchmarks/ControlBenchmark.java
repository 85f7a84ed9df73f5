package worldmodels.benchmarks;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import worldmodels.env.Transition;
import worldmodels.env.control.ControlEnvironment;
import worldmodels.env.control.ControlTask;

/**
 * The Control Suite's tasks on one core: control steps per second with their reward, the same with a picture each, and resets. {@link ControlRates}
 * compares the physics with C.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class ControlBenchmark {

    @Param
    public ControlTask task;

    private ControlEnvironment environment;
    private double[][] actions;
    private final ByteBuffer frame = ByteBuffer.allocateDirect(64 * 64 * 3);
    private int steps;

    @Setup
    public void make() {
        environment = ControlEnvironment.of(task);
        environment.reset(0);
        actions = ControlRates.actions(task);
    }

    @TearDown
    public void close() {
        environment.close();
    }

    @Benchmark
    public Transition step() {
        Transition transition = environment.step(actions[steps++ % actions.length]);
        if (transition.ended()) {
            environment.reset(steps);
        }
        return transition;
    }

    @Benchmark
    public ByteBuffer stepAndPicture() {
        step();
        environment.observe(frame.clear());
        return frame;
    }

    @Benchmark
    public int reset() {
        environment.reset(steps++);
        return steps;
    }
}
