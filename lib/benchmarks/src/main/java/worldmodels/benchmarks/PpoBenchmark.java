package worldmodels.benchmarks;

import ai.djl.ndarray.NDManager;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import worldmodels.env.Environment;
import worldmodels.env.Space;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.env.Transition;
import worldmodels.nn.Compute;
import worldmodels.random.Pcg64;
import worldmodels.rl.Attention;
import worldmodels.rl.NetworkShape;
import worldmodels.rl.PolicyKind;
import worldmodels.rl.Ppo;
import worldmodels.rl.PpoSettings;
import worldmodels.rl.ValueLoss;

/**
 * Milliseconds of CPU that PPO takes for a minibatch of 256, for the report's networks and the small one, with a tenth of what an update of ten epochs does once. {@code src/main/python/ppo.py} does the same in Python PyTorch. CPU time, because the machine may be busy; one thread.
 *
 * <pre>  java -cp ... worldmodels.benchmarks.PpoBenchmark REPORT 10  </pre>
 */
public final class PpoBenchmark {

    private static final int LANES = 8;
    private static final int HORIZON = 256;
    private static final int MINIBATCH = 256;
    private static final int EPOCHS = 10;

    private PpoBenchmark() {}

    /** Noise of the car's sizes, at no cost. */
    private static final class Static implements Environment {

        private final Space seen;
        private final Pcg64 random = Pcg64.seeded(1);

        Static(Space seen) {
            this.seen = seen;
        }

        @Override
        public Space observationSpace() {
            return seen;
        }

        @Override
        public Space actionSpace() {
            return Space.vector(new double[] {-1, 0, 0}, new double[] {1, 1, 1});
        }

        @Override
        public void reset(long seed) {}

        @Override
        public Transition step(double[] action) {
            return new Transition(random.standardNormal(), random.nextDouble() < 0.01, false);
        }

        @Override
        public void observe(ByteBuffer target) {
            for (int i = 0; i < seen.size(); i++) {
                if (seen.type() == Space.Type.UINT8) {
                    target.put((byte) random.nextInt());
                } else {
                    target.putFloat((float) random.standardNormal());
                }
            }
        }
    }

    /** @param arguments a {@link NetworkShape}, and seconds */
    public static void main(String[] arguments) {
        NetworkShape shape = NetworkShape.valueOf(arguments[0]);
        double seconds = arguments.length > 1 ? Double.parseDouble(arguments[1]) : 10;
        Space seen = shape == NetworkShape.REPORT_PIXELS ? new Space(Space.Type.UINT8, new int[] {64, 64, 4}, new double[] {0}, new double[] {255})
                : Space.vector(new double[288], new double[288]);
        // The rate is so low that noise is not learned by heart.
        PpoSettings settings = new PpoSettings(HORIZON, EPOCHS, MINIBATCH, 1e-6, false, 0.99, 0.95, 0.2, ValueLoss.PLAIN, 0.5, 0, 0.5, 0, true, true, PolicyKind.BETA, -1, 1,
                Attention.NONE);
        try (NDManager manager = Compute.newManager();
                Ppo learner = new Ppo(manager, new ThreadedEnvironments(LANES, 1, () -> new Static(seen)), n -> n, Optional.empty(), shape, settings, 1, 1)) {
            Compute.useThreads(1);
            learner.update(0);
            double milliseconds = 0;
            for (double phase : new double[] {seconds / 2, seconds}) {
                long begin = cpu();
                int updates = 0;
                while (cpu() - begin < phase * 1e9) {
                    learner.learnAgain(++updates);
                }
                milliseconds = (cpu() - begin) / 1e6 / updates / (EPOCHS * LANES * HORIZON / MINIBATCH);
            }
            System.out.printf(Locale.ROOT, "%s: %.3f ms of CPU per minibatch of %d%n", shape, milliseconds, MINIBATCH);
        }
    }

    /** Of all threads of the process: the collector's and the compiler's too. */
    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }
}
