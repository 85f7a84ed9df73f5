package worldmodels.rl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
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
import worldmodels.env.mujoco.MuJoCo;
import worldmodels.env.panda.PandaControl;
import worldmodels.env.panda.PandaReach;
import worldmodels.env.panda.PandaReward;
import worldmodels.env.panda.PandaVersion;
import worldmodels.nn.Compute;
import worldmodels.nn.Gradients;
import worldmodels.nn.Noise;
import worldmodels.nn.Parameters;
import worldmodels.nn.Training;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;

/** DDPG, TD3 and SAC on problems whose answers are known. */
class OffPolicyTest {

    private final NDManager manager = Compute.newManager();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        manager.close();
    }

    enum Algorithm {
        DDPG, TD3, SAC;

        OffPolicy learner(NDManager manager, Supplier<? extends Environment> environments, Learning learning) {
            return switch (this) {
                case DDPG -> new Ddpg(manager, environments, new Ddpg.Settings(learning, 0.2), 1);
                case TD3 -> new Td3(manager, environments, new Td3.Settings(learning, 0.2, 0.1, 0.2, 2), 1);
                case SAC -> new Sac(manager, environments, new Sac.Settings(learning, 0.2), 1);
            };
        }
    }

    /** @param goals of hindsight */
    private static Learning learning(double learningRate, double discount, double polyak, boolean normalised, int goals, int tests) {
        return new Learning(2, 32, learningRate, discount, polyak, 64, 5000, 100, normalised, goals, tests);
    }

    private Training training(OffPolicy learner, int steps, String file) {
        return new Training(learner, new Training.Rhythm(steps, 100, steps), folder.resolve(file));
    }

    private double q(OffPolicy learner, float observation, float action) {
        NDArray pair = manager.create(new float[][] {{observation, action}});
        return learner.value(pair).toFloatArray()[0];
    }

    @ParameterizedTest
    @EnumSource
    void whereTheTaskEndsNothingFollows(Algorithm algorithm) {
        try (OffPolicy learner = algorithm.learner(manager, () -> new Chain(true), learning(5e-3, 0.8, 0.05, false, 0, 0))) {
            training(learner, 1000, "chain").run(Progress.NONE);
            for (float action : new float[] {-0.8f, 0, 0.8f}) {
                assertEquals(1, q(learner, 1, action), 0.03);
                assertEquals(0.8, q(learner, 0, action), 0.03);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whereItWasCutOffWhatWouldFollowCounts(Algorithm algorithm) {
        try (OffPolicy learner = algorithm.learner(manager, () -> new Chain(false), learning(5e-3, 0.8, 0.05, false, 0, 0))) {
            training(learner, 1000, "chain").run(Progress.NONE);
            for (float action : new float[] {-0.8f, 0, 0.8f}) {
                assertEquals(5, q(learner, 1, action), 0.15);
                assertEquals(4, q(learner, 0, action), 0.15);
            }
        }
    }

    /** With eight seeds of each algorithm the gain came within 6 %; single actions, which an offset shifts, within 37 %. */
    @ParameterizedTest
    @EnumSource
    @Tag("slow")
    void findsTheGainThatRiccatisEquationGives(Algorithm algorithm) {
        double gain = Regulator.gain(0.9);
        try (OffPolicy learner = algorithm.learner(manager, Regulator::new, learning(2e-3, 0.9, 0.02, false, 0, 0))) {
            training(learner, 4000, "regulator").run(Progress.NONE);
            assertEquals(gain, -slope(learner.actor(), -0.5f, -0.25f, 0.25f, 0.5f), 0.1 * gain);
        }
    }

    /** Of the line through the origin that is nearest to the actions there. */
    private static double slope(Actor actor, float... at) {
        double products = 0;
        double squares = 0;
        for (float x : at) {
            products += x * actor.act(new float[] {x})[0];
            squares += x * x;
        }
        return products / squares;
    }

    @ParameterizedTest
    @EnumSource
    void learnsToReachGoalsWithHindsight(Algorithm algorithm) {
        try (OffPolicy learner = algorithm.learner(manager, () -> new Line(false), learning(2e-3, 0.9, 0.05, true, 4, 10))) {
            Training training = training(learner, 1000, "line");
            training.run(Progress.NONE);
            assertTrue(training.curve("success").last().validation() >= 0.9, training.curve("success").toCsv());
        }
    }

    /** The return of a good proportional controller there is -1.7. */
    @ParameterizedTest
    @EnumSource
    @Tag("slow")
    void reachesWithTheArmFromSparseRewardsWithHindsight(Algorithm algorithm) {
        assumeTrue(MuJoCo.isAvailable(), "MuJoCo is not on this machine");
        Learning learning = new Learning(2, 64, 1e-3, 0.95, 0.05, 256, 100_000, 1000, true, 4, 20);
        try (OffPolicy learner = algorithm.learner(manager, () -> new PandaReach(PandaControl.END_EFFECTOR, PandaReward.SPARSE, PandaVersion.V2), learning)) {
            Training training = new Training(learner, new Training.Rhythm(4000, 500, 4000), folder.resolve("arm"));
            training.run(Progress.NONE);
            assertTrue(training.curve("success").last().validation() >= 0.95, training.curve("success").toCsv());
            assertTrue(training.curve("return").last().validation() > -3, training.curve("return").toCsv());
        }
    }

    @ParameterizedTest
    @EnumSource
    void resumesBitForBit(Algorithm algorithm) throws Exception {
        Learning learning = new Learning(2, 16, 1e-3, 0.9, 0.05, 16, 150, 20, true, 2, 2);
        Supplier<Line> line = () -> new Line(true);
        learn(algorithm, line, learning, "whole", Progress.NONE);
        // In the random steps, and within an episode once the ring is full.
        for (long at : new long[] {15, 77}) {
            assertThrows(StoppedException.class, () -> learn(algorithm, line, learning, "parts", new Interrupting(at)));
        }
        learn(algorithm, line, learning, "parts", Progress.NONE);
        assertArrayEquals(Files.readAllBytes(folder.resolve("whole")), Files.readAllBytes(folder.resolve("parts")));
    }

    /** Its episodes go on within MuJoCo. */
    @Test
    void resumesBitForBitWithTheArm() throws Exception {
        assumeTrue(MuJoCo.isAvailable(), "MuJoCo is not on this machine");
        Learning learning = new Learning(2, 16, 1e-3, 0.9, 0.05, 16, 400, 20, true, 4, 1);
        Supplier<PandaReach> arm = () -> new PandaReach(PandaControl.JOINTS, PandaReward.DENSE, PandaVersion.V2);
        learn(Algorithm.TD3, arm, learning, "whole", Progress.NONE);
        assertThrows(StoppedException.class, () -> learn(Algorithm.TD3, arm, learning, "parts", new Interrupting(87)));
        learn(Algorithm.TD3, arm, learning, "parts", Progress.NONE);
        assertArrayEquals(Files.readAllBytes(folder.resolve("whole")), Files.readAllBytes(folder.resolve("parts")));
    }

    private void learn(Algorithm algorithm, Supplier<? extends Environment> environments, Learning learning, String name, Progress progress) {
        try (OffPolicy learner = algorithm.learner(manager, environments, learning)) {
            new Training(learner, new Training.Rhythm(120, 30, 40), folder.resolve(name)).run(progress);
        }
    }

    /** Along the gradient and along a random direction, of every loss. */
    @ParameterizedTest
    @EnumSource
    void gradientsAreThoseOfDifferences(Algorithm algorithm) {
        try (OffPolicy learner = algorithm.learner(manager, () -> new Line(false), learning(1e-3, 0.9, 0.05, true, 0, 0))) {
            for (int step = 0; step < 160; step++) {
                learner.update(step);
            }
            Batch batch = learner.batch(manager, 1);
            switch (learner) {
                case Ddpg ddpg -> {
                    differences(learner, "critic", () -> ddpg.criticLoss(batch));
                    differences(learner, "actor", () -> ddpg.actorLoss(batch));
                }
                case Td3 td3 -> {
                    differences(learner, "critic1", () -> td3.criticLoss(batch, 3));
                    differences(learner, "actor", () -> td3.actorLoss(batch));
                }
                case Sac sac -> {
                    differences(learner, "critic1", () -> sac.criticLoss(batch, 3));
                    differences(learner, "actor", () -> sac.actorLoss(batch, sac.draw(batch.observations(), "noise", 3)));
                    differences(learner, "logTemperature", () -> sac.temperatureLoss(sac.draw(batch.observations(), "noise", 3)));
                }
            }
        }
    }

    /** @param of what the names of the loss' own parameters begin with; the others get no gradient */
    private void differences(OffPolicy learner, String of, Supplier<NDArray> loss) {
        for (Parameters parameters : learner.all()) {
            parameters.zeroGradients();
        }
        try (Gradients.Tape tape = Gradients.record()) {
            tape.backward(loss.get());
        }
        Parameters own = learner.all().stream().filter(each -> each.names().getFirst().startsWith(of)).findFirst().orElseThrow();
        for (Parameters parameters : learner.all()) {
            assertEquals(parameters == own, Gradients.norm(parameters) > 0, parameters.names().getFirst());
        }
        try (Gradients.Pause pause = Gradients.pause()) {
            List<NDArray> gradient = own.gradients(manager).stream().map(NDArray::duplicate).toList();
            along(own, gradient, gradient, loss);
            along(own, gradient, gradient.stream().map(g -> Noise.normal(manager, g.getShape(), 7)).toList(), loss);
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
        double rounding = 2 * Math.ulp((float) more) / h;
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
    void theActorInPlainJavaIsTheNetworks(Algorithm algorithm) {
        try (OffPolicy learner = algorithm.learner(manager, () -> new Line(false), learning(1e-3, 0.9, 0.05, false, 0, 0))) {
            for (int step = 0; step < 120; step++) {
                learner.update(step);
            }
            float[] observation = {0.3f, -0.7f, 0.2f};
            float network = learner.output(manager.create(new float[][] {observation})).tanh().toFloatArray()[0];
            assertEquals(network, learner.actor().act(observation)[0], 1e-6);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCheckpointsActorActsAsThatWhichLearned(Algorithm algorithm) {
        Line line = new Line(false);
        try (OffPolicy learner = algorithm.learner(manager, () -> new Line(false), learning(1e-3, 0.9, 0.05, true, 0, 0))) {
            training(learner, 150, "line").run(Progress.NONE);
            Actor actor = Actor.load(folder.resolve("line"), line.observationSpace(), line.actionSpace());
            float[] observation = {0.3f, -0.7f, 0.2f};
            float action = learner.actor().act(observation)[0];
            assertEquals(action, actor.act(observation)[0]);
            // The second of two lanes, stretched over ±5.
            Policy policy = actor.policy();
            policy.start(1, new EpisodeJob(0, 1));
            ByteBuffer lanes = ByteBuffer.allocateDirect(24).order(ByteOrder.LITTLE_ENDIAN);
            lanes.asFloatBuffer().put(3, observation);
            double[] actions = {9, 9};
            policy.act(lanes, new boolean[] {false, true}, actions);
            assertEquals(9, actions[0]);
            assertEquals(5 * action, actions[1], 1e-6);
        }
        KitException thrown = assertThrows(KitException.class, () -> Actor.load(folder.resolve("line"), new Regulator().observationSpace(), line.actionSpace()));
        assertTrue(thrown.getMessage().contains("sees 3 numbers and gives 1, this environment shows 1"), thrown.getMessage());
    }

    @Test
    void refusesWhatItCannotLearnFrom() {
        Function<Supplier<Environment>, String> refused = environments -> assertThrows(KitException.class,
                () -> Algorithm.DDPG.learner(manager, environments, learning(1e-3, 0.9, 0.05, true, 4, 0))).getMessage();
        assertTrue(refused.apply(Regulator::new).contains("Hindsight needs an environment with goals"));
        assertTrue(refused.apply(() -> new Spaces(Space.pixels(8, 8), Space.vector(new double[] {-1}, new double[] {1}))).contains("this environment shows pictures"));
        assertTrue(refused.apply(() -> new Spaces(Space.vector(new double[] {-1}, new double[] {1}), Space.vector(new double[] {0},
                new double[] {Double.POSITIVE_INFINITY}))).contains("number 0 has 0.0 to Infinity"));
        assertTrue(assertThrows(KitException.class, () -> learning(1e-3, 1, 0.05, true, 4, 0)).getMessage().contains("a discount of 1.0"));
        assertEquals(11, Stream.<Runnable>of(() -> learning(0, 0.9, 0.1, true, 0, 0), () -> learning(Double.NaN, 0.9, 0.1, true, 0, 0),
                () -> learning(1, -0.1, 0.1, true, 0, 0), () -> learning(1, 0.9, 0, true, 0, 0), () -> learning(1, 0.9, 1.1, true, 0, 0),
                () -> learning(1, 0.9, 0.1, true, -1, 0), () -> learning(1, 0.9, 0.1, true, 0, -1),
                () -> new Ddpg.Settings(null, -1), () -> new Td3.Settings(null, 0.1, -0.1, 0.5, 2), () -> new Td3.Settings(null, 0.1, 0.2, 0.5, 0),
                () -> new Sac.Settings(null, 0))
                .filter(made -> assertThrows(KitException.class, made::run) != null).count());
    }
}
