package worldmodels.rl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import worldmodels.data.EpisodeJob;
import worldmodels.data.Policy;
import worldmodels.env.Environment;
import worldmodels.env.Space;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.env.TimeLimit;
import worldmodels.env.Transition;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Compute;
import worldmodels.nn.Gradients;
import worldmodels.nn.Noise;
import worldmodels.nn.Parameters;
import worldmodels.nn.Terms;
import worldmodels.nn.Training;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;

/** PPO on problems whose answers are known. */
class PpoTest {

    private final NDManager manager = Compute.newManager();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        manager.close();
    }

    private static PpoSettings settings(PolicyKind policy, int horizon, double learningRate, double discount) {
        return new PpoSettings(horizon, 10, 64, learningRate, true, discount, 0.95, 0.2, ValueLoss.PLAIN, 0.5, 0, 0.5, 0, true, true, policy, -0.7, 1, Attention.NONE);
    }

    private Ppo learner(Supplier<? extends Environment> environments, PpoSettings settings, int lanes, int updates) {
        return new Ppo(manager, new ThreadedEnvironments(lanes, 1, environments), n -> n, Optional.empty(), NetworkShape.SMALL, settings, updates, 1);
    }

    private Training training(Ppo learner, int updates, String file) {
        return new Training(learner, new Training.Rhythm(updates, 5, 5), folder.resolve(file));
    }

    /**
     * Worked by hand with γ = ½ and λ = ½. The first lane's task ends at its second step; the second's episode is cut off there, in a state worth 8.
     *
     * <pre>
     *   lane 1   δ(2) = 4 - 2 = 2                 A(2) = 2         δ(1) = 1 + ½ 2 - 1 = 1     A(1) = 1 + ¼ 2 = 1.5       δ(3) = 0 + ½ 6 - 4 = -1 = A(3)
     *   lane 2   δ(2) = 4 + ½ 8 - 2 = 6           A(2) = 6         δ(1) = 1 + ½ 2 - 1 = 1     A(1) = 1 + ¼ 6 = 2.5       δ(3) = -1 = A(3)
     * </pre>
     */
    @Test
    void advantagesAreThoseOfAnEpisodeWorkedByHand() {
        double[] rewards = {1, 1, 4, 4, 0, 0};
        float[] values = {1, 1, 2, 2, 4, 4};
        float[] next = {2, 2, 99, 8, 6, 6};
        boolean[] terminated = {false, false, true, false, false, false};
        boolean[] ended = {false, false, true, true, false, false};
        Advantages found = Advantages.of(rewards, values, next, terminated, ended, 2, 0.5, 0.5);
        assertArrayEquals(new float[] {1.5f, 2.5f, 2, 6, -1, -1}, found.advantages());
        assertArrayEquals(new float[] {2.5f, 3.5f, 4, 8, 3, 3}, found.returns());
    }

    @ParameterizedTest
    @EnumSource
    void whatActedIsWhatLearnsSoTheFirstRatiosAreOne(PolicyKind policy) {
        PpoSettings settings = new PpoSettings(32, 1, 64, 1e-3, false, 0.9, 0.95, 0.2, ValueLoss.PLAIN, 0.5, 0, 0.5, 0, true, true, policy, -0.7, 1.15, Attention.NONE);
        try (Ppo learner = learner(Pole::new, settings, 2, 10)) {
            for (int update = 0; update < 3; update++) {
                learner.collect(update);
                for (float ratio : learner.loss(learner.stored(manager)).ratios().toFloatArray()) {
                    assertEquals(1, ratio, 1e-5);
                }
                learner.learn(update, Terms.NONE);
            }
        }
    }

    /** What was drawn in plain Java has the density that learning gives it: over many draws, means of both agree. */
    @ParameterizedTest
    @EnumSource
    void drawsFollowTheDensity(PolicyKind policy) {
        PpoSettings settings = new PpoSettings(32, 1, 64, 1e-3, false, 0.9, 0.95, 0.2, ValueLoss.PLAIN, 0.5, 0, 0.5, 0, true, true, policy, -0.7, 1.15, Attention.NONE);
        ActionDistribution distribution = ActionDistribution.of(settings);
        float[] output = {0.4f, 0.3f};
        int draws = 20_000;
        Pcg64 random = Pcg64.seeded(3);
        float[] x = new float[1];
        float[] drawn = new float[draws];
        double mean = 0;
        for (int i = 0; i < draws; i++) {
            distribution.draw(output, random, x);
            drawn[i] = x[0];
            mean += x[0] / draws;
        }
        distribution.mean(output, x);
        assertEquals(x[0], mean, 0.02);
        NDArray outputs = manager.create(new float[][] {output}).repeat(0, draws);
        double entropy = -distribution.logDensity(outputs, manager.create(drawn).reshape(-1, 1)).mean().toFloatArray()[0];
        assertEquals(distribution.entropy(manager.create(new float[][] {output})).toFloatArray()[0], entropy, 0.02);
        // The density integrates to 1 over a grid that holds nearly all of it.
        boolean isBeta = policy == PolicyKind.BETA;
        double from = isBeta ? 0 : -6;
        double width = isBeta ? 1 : 12;
        float[] grid = new float[4000];
        for (int i = 0; i < grid.length; i++) {
            grid[i] = (float) (from + width * (i + 0.5) / grid.length);
        }
        NDArray all = manager.create(new float[][] {output}).repeat(0, grid.length);
        double integral = distribution.logDensity(all, manager.create(grid).reshape(-1, 1)).exp().sum().toFloatArray()[0] * width / grid.length;
        assertEquals(1, integral, 1e-3);
    }

    @ParameterizedTest
    @EnumSource
    void gradientsAreThoseOfDifferences(PolicyKind policy) {
        for (ValueLoss valueLoss : ValueLoss.values()) {
            PpoSettings settings = new PpoSettings(32, 2, 64, 3e-3, false, 0.9, 0.95, 0.2, valueLoss, 0.5, 0.1, 0.5, 0, true, true, policy, -0.7, 1.15,
                    valueLoss == ValueLoss.PLAIN ? Attention.FEATURES : Attention.NONE);
            try (Ppo learner = learner(Pole::new, settings, 2, 10)) {
                learner.update(0);
                learner.collect(1);
                PpoLoss.Decisions decisions = learner.stored(manager);
                // Some of the way from where the decisions were made: ratios on both sides of 1, a few beyond the clip.
                Parameters own = learner.parameters();
                move(own, own.arrays().stream().map(a -> Noise.normal(manager, a.getShape(), 5)).toList(), 0.01);
                own.zeroGradients();
                try (Gradients.Tape tape = Gradients.record()) {
                    tape.backward(learner.loss(decisions).total());
                }
                try (Gradients.Pause pause = Gradients.pause()) {
                    List<NDArray> gradient = own.gradients(manager).stream().map(NDArray::duplicate).toList();
                    along(own, gradient, gradient, () -> learner.loss(decisions).total());
                    along(own, gradient, gradient.stream().map(g -> Noise.normal(manager, g.getShape(), 7)).toList(), () -> learner.loss(decisions).total());
                }
            }
        }
    }

    private static void along(Parameters own, List<NDArray> gradient, List<NDArray> direction, Supplier<NDArray> loss) {
        double norm = Math.sqrt(dot(direction, direction));
        double h = 2e-3;
        double slope = dot(gradient, direction) / norm;
        move(own, direction, h / norm);
        double more = loss.get().toFloatArray()[0];
        move(own, direction, -2 * h / norm);
        double less = loss.get().toFloatArray()[0];
        move(own, direction, h / norm);
        // Both losses are rounded.
        double rounding = 4 * Math.ulp((float) Math.max(1, Math.abs(more))) / h;
        assertEquals(slope, (more - less) / (2 * h), 0.02 * Math.abs(slope) + rounding);
    }

    private static void move(Parameters parameters, List<NDArray> direction, double by) {
        for (int i = 0; i < direction.size(); i++) {
            NDArray array = parameters.arrays().get(i);
            parameters.set(parameters.names().get(i), array.stopGradient().add(direction.get(i).mul(by)));
        }
    }

    private static double dot(List<NDArray> a, List<NDArray> b) {
        double sum = 0;
        for (int i = 0; i < a.size(); i++) {
            sum += a.get(i).mul(b.get(i)).sum().toFloatArray()[0];
        }
        return sum;
    }

    @ParameterizedTest
    @EnumSource
    void findsTheBestArmOfABandit(PolicyKind policy) {
        try (Ppo learner = learner(Target::new, settings(policy, 64, 3e-4, 0.9), 4, 80)) {
            training(learner, 80, "bandit").run(Progress.NONE);
            assertEquals(Target.WANTED, done(learner.actor().policy(), 1, 1)[0], 0.15);
        }
    }

    private static double[] done(Policy policy, int actions, float... observation) {
        ByteBuffer seen = ByteBuffer.allocateDirect(observation.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        seen.asFloatBuffer().put(observation);
        double[] action = new double[actions];
        policy.act(seen, new boolean[] {true}, action);
        return action;
    }

    /** The values of the two states are 1 and γ where the task ends; where it is cut off, 1 / (1 - γ) and γ / (1 - γ). */
    @Test
    void whereItWasCutOffWhatWouldFollowCounts() {
        for (boolean terminates : new boolean[] {true, false}) {
            PpoSettings settings = new PpoSettings(64, 10, 64, 1e-2, false, 0.8, 0.9, 0.2, ValueLoss.PLAIN, 0.5, 0, 5, 0, false, false, PolicyKind.BETA, 0, 1, Attention.NONE);
            try (Ppo learner = learner(() -> new Chain(terminates), settings, 4, 30)) {
                training(learner, 30, "chain " + terminates).run(Progress.NONE);
                float[] values = learner.network("critic").apply(manager.create(new float[][] {{0}, {1}})).toFloatArray();
                double last = terminates ? 1 : 5;
                assertEquals(last, values[1], 0.05 * last);
                assertEquals(0.8 * last, values[0], 0.05 * last);
            }
        }
    }

    /**
     * Without chance, from starts that it has not learned from, it costs hardly more than what Riccati's equation gives. The Gaussian kinds need all the
     * updates: half of them leave them a fifth behind or more.
     */
    @ParameterizedTest
    @EnumSource
    @Tag("slow")
    void holdsAPendulumNearlyAsWellAsCanBe(PolicyKind policy) {
        double[] best = Pole.gain(0.95);
        long[] starts = LongStream.range(1_000_000, 1_000_050).toArray();
        PpoTests tests = new PpoTests(new ThreadedEnvironments(10, 1, Pole::new), starts);
        try (Ppo learner = new Ppo(manager, new ThreadedEnvironments(8, 1, Pole::new), n -> n, Optional.of(tests), NetworkShape.SMALL, settings(policy, 128, 1e-3, 0.95),
                300, 1)) {
            Training training = training(learner, 300, "pole");
            training.run(Progress.NONE);
            double held = LongStream.of(starts).mapToDouble(seed -> Pole.held(best, seed)).average().orElseThrow();
            double found = training.curve(Ppo.RETURN).last().validation();
            assertTrue(found > 1.1 * held, policy + ": " + found + ", the best linear one " + held);
        }
    }

    @Test
    void resumesBitForBit() throws Exception {
        learn("whole", Pole::new, Progress.NONE);
        // Between updates, and in the middle of one: after so many steps of both lanes.
        assertThrows(StoppedException.class, () -> learn("parts", Pole::new, new Interrupting(2)));
        AtomicInteger steps = new AtomicInteger();
        assertThrows(StoppedException.class, () -> learn("parts", () -> new InterruptingPole(steps), Progress.NONE));
        learn("parts", Pole::new, Progress.NONE);
        assertArrayEquals(Files.readAllBytes(folder.resolve("whole")), Files.readAllBytes(folder.resolve("parts")));
    }

    @Test
    void goesOnInPlaceAfterAnInterrupt() throws Exception {
        learn("whole", Pole::new, Progress.NONE);
        AtomicInteger steps = new AtomicInteger();
        try (Ppo learner = learner(() -> new InterruptingPole(steps), settings(PolicyKind.BETA, 32, 1e-3, 0.9), 2, 7)) {
            assertThrows(StoppedException.class, () -> training(learner, 7, "again").run(Progress.NONE));
            training(learner, 7, "again").run(Progress.NONE);
        }
        assertArrayEquals(Files.readAllBytes(folder.resolve("whole")), Files.readAllBytes(folder.resolve("again")));
    }

    private void learn(String name, Supplier<? extends Environment> environments, Progress progress) {
        try (Ppo learner = learner(environments, settings(PolicyKind.BETA, 32, 1e-3, 0.9), 2, 7)) {
            training(learner, 7, name).run(progress);
        }
    }

    private record InterruptingPole(Pole pole, AtomicInteger steps) implements Environment {

        InterruptingPole(AtomicInteger steps) {
            this(new Pole(), steps);
        }

        @Override
        public Space observationSpace() {
            return pole.observationSpace();
        }

        @Override
        public Space actionSpace() {
            return pole.actionSpace();
        }

        @Override
        public void reset(long seed) {
            pole.reset(seed);
        }

        @Override
        public Transition step(double[] action) {
            if (steps.incrementAndGet() == 90) {
                Thread.currentThread().interrupt();
            }
            return pole.step(action);
        }

        @Override
        public void observe(ByteBuffer target) {
            pole.observe(target);
        }
    }

    @Test
    void theActorsOfTheReportHaveItsSizes() {
        double[] bounds = new double[288];
        Space latent = Space.vector(bounds, bounds);
        Space car = Space.vector(new double[] {-1, 0, 0}, new double[] {1, 1, 1});
        assertArrayEquals(new long[] {181_318, 180_993}, counts(latent, car, NetworkShape.REPORT));
        assertArrayEquals(new long[] {644_646, 642_641}, counts(grey(1), car, NetworkShape.REPORT_PIXELS));
        // Three pictures more, 8 x 8 numbers for each of 32 filters.
        assertArrayEquals(new long[] {644_646 + 3 * 2048, 642_641 + 3 * 2048}, counts(grey(4), car, NetworkShape.REPORT_PIXELS));
        assertEquals(288 * 64 + 64 + 64 * 64 + 64 + 64 * 6 + 6, counts(latent, car, NetworkShape.SMALL)[0]);
    }

    private static Space grey(int pictures) {
        return new Space(Space.Type.UINT8, new int[] {64, 64, pictures}, new double[] {0}, new double[] {255});
    }

    private long[] counts(Space observations, Space actions, NetworkShape shape) {
        try (Ppo learner = new Ppo(manager, new ThreadedEnvironments(1, 1, () -> new Spaces(observations, actions)), n -> n, Optional.empty(), shape,
                settings(PolicyKind.BETA, 64, 1e-3, 0.9), 1, 1)) {
            return learner.parameterCounts();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theActorInPlainJavaIsTheNetworks(NetworkShape shape) {
        Space seen = shape == NetworkShape.REPORT_PIXELS ? grey(4) : Space.vector(new double[20], new double[20]);
        Pcg64 random = Pcg64.seeded(1);
        ByteBuffer observation = ByteBuffer.allocateDirect(2 * seen.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        boolean isPicture = seen.type() == Space.Type.UINT8;
        while (observation.hasRemaining()) {
            if (isPicture) {
                observation.put((byte) random.integers(256));
            } else {
                observation.putFloat((float) random.standardNormal());
            }
        }
        observation.clear();
        try (Ppo learner = new Ppo(manager, new ThreadedEnvironments(2, 1, () -> new Spaces(seen, Space.vector(new double[] {-1, 0}, new double[] {1, 1}))), n -> n,
                Optional.empty(), shape, settings(PolicyKind.BETA, 64, 1e-3, 0.9), 1, 1)) {
            // The last layer begins near 0.
            learner.parameters().set("actor.output.weight", Noise.normal(manager, learner.parameters().array("actor.output.weight").getShape(), 3));
            Sights sights = Sights.of(seen, true);
            sights.add(observation, 0);
            sights.add(observation, 1);
            float[] both = learner.network("actor").apply(sights.array(manager, new int[] {0, 1}, 0, 2)).toFloatArray();
            float[] second = learner.actor().outputs(observation, 1);
            for (int i = 0; i < 4; i++) {
                assertEquals(both[4 + i], second[i], 2e-5 * Math.max(1, Math.abs(both[4 + i])), "output " + i);
            }
        }
    }

    @Test
    void aCheckpointsActorActsAsThatWhichLearned() {
        PpoSettings settings = settings(PolicyKind.GAUSSIAN_TANH, 32, 1e-3, 0.9);
        Pole pole = new Pole();
        try (Ppo learner = learner(Pole::new, settings, 2, 4)) {
            training(learner, 4, "pole").run(Progress.NONE);
            Policy kept = PpoActor.load(folder.resolve("pole"), settings, pole.observationSpace(), pole.actionSpace()).policy();
            kept.start(0, new EpisodeJob(0, 1));
            assertArrayEquals(done(learner.actor().policy(), 1, 0.3f, -0.2f), done(kept, 1, 0.3f, -0.2f));
        }
        String refused = assertThrows(KitException.class, () -> PpoActor.load(folder.resolve("pole"), settings, new Target().observationSpace(),
                pole.actionSpace())).getMessage();
        assertTrue(refused.contains("sees 2 numbers and gives 1, this environment shows 1"), refused);
        String other = assertThrows(KitException.class, () -> PpoActor.load(folder.resolve("pole"), settings(PolicyKind.BETA, 32, 1e-3, 0.9), pole.observationSpace(),
                pole.actionSpace())).getMessage();
        assertTrue(other.contains("GAUSSIAN_TANH"), other);
    }

    @Test
    void isTriedAlsoWhereNoEpisodeHasEndedYet() {
        PpoTests tests = new PpoTests(new ThreadedEnvironments(2, 1, Pole::new), new long[] {7, 8, 9});
        try (Ppo learner = new Ppo(manager, new ThreadedEnvironments(8, 1, Pole::new), n -> n, Optional.of(tests), NetworkShape.SMALL,
                settings(PolicyKind.BETA, 8, 1e-3, 0.9), 1, 1)) {
            Training training = training(learner, 1, "short");
            training.run(Progress.NONE);
            assertTrue(Double.isNaN(training.curve(Ppo.RETURN).last().training()));
            assertTrue(training.curve(Ppo.RETURN).last().validation() < 0);
        }
    }

    @Test
    void histogramsCountEveryDecision() {
        try (Ppo learner = learner(Pole::new, settings(PolicyKind.BETA, 32, 1e-3, 0.9), 2, 11)) {
            training(learner, 11, "pole").run(Progress.NONE);
        }
        float[][][] histograms = ActionHistograms.of(Checkpoint.read(folder.resolve("pole")));
        // Points after 5 updates and after the rest.
        assertEquals(2, histograms.length);
        double sum = 0;
        for (float[][] point : histograms) {
            for (float bar : point[0]) {
                sum += bar;
            }
        }
        assertEquals(11 * 64, sum);
    }

    @Test
    void aLearningRateThatMakesRatiosExplodeIsNamedAndTheLastCheckpointKept() throws Exception {
        PpoSettings sound = settings(PolicyKind.GAUSSIAN_CLIPPED, 32, 1e-3, 0.9);
        try (Ppo learner = learner(Pole::new, sound, 2, 10)) {
            training(learner, 5, "pole").run(Progress.NONE);
        }
        byte[] kept = Files.readAllBytes(folder.resolve("pole"));
        try (Ppo learner = learner(Pole::new, sound, 2, 10)) {
            Training training = training(learner, 10, "pole");
            // As if the settings had asked for it: a rate of another training would be refused at once.
            learner.parameters().set("actor.output.weight", learner.parameters().array("actor.output.weight").stopGradient().add(manager.create(1e30f)));
            String thrown = assertThrows(KitException.class, () -> training.run(Progress.NONE)).getMessage();
            assertTrue(thrown.contains("the checkpoint of step 5 is kept") && thrown.contains("lower the learning rate"), thrown);
        }
        assertArrayEquals(kept, Files.readAllBytes(folder.resolve("pole")));
        try (Ppo learner = learner(Pole::new, settings(PolicyKind.GAUSSIAN_CLIPPED, 32, 30, 0.9), 2, 10)) {
            String thrown = assertThrows(KitException.class, () -> training(learner, 10, "exploding").run(Progress.NONE)).getMessage();
            assertTrue(thrown.contains("divergence from the policy before the update") && thrown.contains("lower the learning rate"), thrown);
        }
        assertFalse(Files.exists(folder.resolve("exploding")));
    }

    @Test
    void refusesWhatItCannotLearnFrom() {
        Space number = Space.vector(new double[] {-1}, new double[] {1});
        Function<Space, String> refused = actions -> assertThrows(KitException.class,
                () -> learner(() -> new Spaces(number, actions), settings(PolicyKind.BETA, 32, 1e-3, 0.9), 2, 1)).getMessage();
        assertTrue(refused.apply(Space.vector(new double[] {0}, new double[] {Double.POSITIVE_INFINITY})).contains("number 0 has 0.0 to Infinity"));
        String pictures = assertThrows(KitException.class, () -> learner(() -> new Spaces(Space.pixels(8, 8), number), settings(PolicyKind.BETA, 32, 1e-3, 0.9), 2, 1))
                .getMessage();
        assertTrue(pictures.contains("this environment shows pictures"), pictures);
        String whole = assertThrows(KitException.class, () -> learner(Pole::new, settings(PolicyKind.BETA, 31, 1e-3, 0.9), 2, 1)).getMessage();
        assertTrue(whole.contains("not whole minibatches"), whole);
        try (Ppo learner = learner(() -> new TimeLimit(new Spaces(number, number), 5), settings(PolicyKind.BETA, 32, 1e-3, 0.9), 2, 1)) {
            String still = assertThrows(KitException.class, () -> training(learner, 1, "still").run(Progress.NONE)).getMessage();
            assertTrue(still.contains("have no variance"), still);
        }
        assertTrue(assertThrows(KitException.class, () -> settings(PolicyKind.BETA, 32, Double.NaN, 0.9)).getMessage().contains("a learning rate of NaN"));
    }
}
