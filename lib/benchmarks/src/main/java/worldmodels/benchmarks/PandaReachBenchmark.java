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
import worldmodels.env.panda.PandaControl;
import worldmodels.env.panda.PandaReach;
import worldmodels.env.panda.PandaReward;
import worldmodels.env.panda.PandaVersion;
import worldmodels.random.Pcg64;

/**
 * Panda reach on one core under random actions: steps per second, and pictures of 84 x 84 with their step.
 *
 * <p>The original (panda-gym 3.0.8 on PyBullet 3.2.7) does about 1,100 steps per second, 12 with its picture.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PandaReachBenchmark {

    private static final int SIDE = 84;

    @Param
    public PandaControl control;

    private final Pcg64 random = Pcg64.seeded(0);
    private final ByteBuffer frame = ByteBuffer.allocateDirect(SIDE * SIDE * 3);
    private PandaReach reach;
    private PandaReach seen;
    private double[] action;
    private long seed;

    @Setup
    public void make() {
        reach = new PandaReach(control, PandaReward.SPARSE, PandaVersion.V3);
        seen = PandaReach.withPictures(control, PandaReward.SPARSE, PandaVersion.V3, SIDE);
        action = new double[control.actions()];
        reach.reset(seed);
        seen.reset(seed);
    }

    @TearDown
    public void close() {
        reach.close();
        seen.close();
    }

    private Transition step(PandaReach environment) {
        for (int i = 0; i < action.length; i++) {
            action[i] = random.uniform(-1, 1);
        }
        Transition transition = environment.step(action);
        if (transition.ended()) {
            environment.reset(++seed);
        }
        return transition;
    }

    @Benchmark
    public Transition step() {
        return step(reach);
    }

    @Benchmark
    public ByteBuffer stepAndPicture() {
        step(seen);
        seen.observe(frame.clear());
        return frame;
    }
}
