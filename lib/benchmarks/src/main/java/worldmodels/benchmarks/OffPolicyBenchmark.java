package worldmodels.benchmarks;

import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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
import worldmodels.env.Environment;
import worldmodels.env.Space;
import worldmodels.env.Transition;
import worldmodels.nn.Compute;
import worldmodels.nn.Terms;
import worldmodels.random.Pcg64;
import worldmodels.rl.Ddpg;
import worldmodels.rl.Learning;
import worldmodels.rl.OffPolicy;
import worldmodels.rl.Sac;
import worldmodels.rl.Td3;

/**
 * One update of DDPG, TD3 and SAC on 256 transitions of Panda reach's sizes, drawn from a replay, with two hidden layers, one thread.
 * {@code src/main/python/off_policy.py} does the same in Python PyTorch.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 5)
public class OffPolicyBenchmark {

    private static final int STEPS = 2000;

    @Param({"DDPG", "TD3", "SAC"})
    private String algorithm;

    @Param({"64", "256"})
    private int width;

    private final NDManager manager = Compute.newManager();
    private OffPolicy learner;
    private long update = STEPS;

    /** Noise of Panda reach's sizes, at no cost. */
    private static final class Static implements Environment {

        private final Pcg64 random = Pcg64.seeded(1);
        private int steps;

        @Override
        public Space observationSpace() {
            return Space.vector(new double[12], new double[12]);
        }

        @Override
        public Space actionSpace() {
            return Space.vector(new double[] {-1, -1, -1}, new double[] {1, 1, 1});
        }

        @Override
        public void reset(long seed) {}

        @Override
        public Transition step(double[] action) {
            return new Transition(-random.nextDouble(), false, ++steps % 50 == 0);
        }

        @Override
        public void observe(ByteBuffer target) {
            for (int i = 0; i < 12; i++) {
                target.putFloat((float) random.standardNormal());
            }
        }
    }

    @Setup
    public void prepare() {
        Compute.useThreads(1);
        Learning learning = new Learning(2, width, 1e-3, 0.95, 0.05, 256, 100_000, STEPS, true, 0, 0);
        Supplier<Environment> environments = Static::new;
        learner = switch (algorithm) {
            case "DDPG" -> new Ddpg(manager, environments, new Ddpg.Settings(learning, 0.1), 1);
            case "TD3" -> new Td3(manager, environments, new Td3.Settings(learning, 0.1, 0.2, 0.5, 2), 1);
            case "SAC" -> new Sac(manager, environments, new Sac.Settings(learning, 1), 1);
            default -> throw new IllegalArgumentException(algorithm);
        };
        for (int step = 0; step < STEPS; step++) {
            learner.update(step);
        }
    }

    @TearDown
    public void close() {
        learner.close();
        manager.close();
    }

    @Benchmark
    public Terms update() {
        return learner.learn(update++);
    }
}
