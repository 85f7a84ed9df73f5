package worldmodels.planet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;
import worldmodels.nn.Compute;
import worldmodels.nn.Gradients;
import worldmodels.nn.Noise;
import worldmodels.nn.Normal;
import worldmodels.nn.Parameters;
import worldmodels.run.Preset;
import worldmodels.run.Settings;

/** The named settings of the objective, each against numbers worked out by hand. */
class ObjectiveTest {

    private static final LatentShape SMALL = new LatentShape(6, 3, 5, 8, 2, 0.1);

    /** KL of N(2, 1) and N(0, 1) is 2, of N(1, 1) and N(0, 1) a half; one nat is free. */
    @Test
    void balancedDivergenceTeachesThePriorAlwaysAndThePosteriorLittle() {
        try (NDManager manager = Compute.newManager(); Parameters dynamics = new Parameters(manager); Parameters means = new Parameters(manager)) {
            Rssm rssm = new Rssm(dynamics, SMALL, FirstWeights.PLAIN, 1);
            NDArray q = means.add("q", manager.create(new float[] {2, 1}, new Shape(2, 1)));
            NDArray p = means.add("p", manager.zeros(new Shape(2, 1)));
            try (NDManager scope = manager.newSubManager(); Gradients.Tape tape = Gradients.record()) {
                means.lendTo(scope);
                NDArray each = DivergenceLoss.BALANCED.each(rssm, Normal.of(q, q.onesLike()), Normal.of(p, p.onesLike()),
                        objective("planet.divergence", "BALANCED", "planet.freeNats", "1"));
                assertArrayEquals(new float[] {2 + 0.1f * 1, 0.5f}, each.toFloatArray(), 1e-6f);
                tape.backward(each.sum());
                // d KL / d mean is the difference of the means.
                assertArrayEquals(new float[] {0.2f, 0}, q.getGradient().toFloatArray(), 1e-6f);
                assertArrayEquals(new float[] {-2, -1}, p.getGradient().toFloatArray(), 1e-6f);
            }
            try (NDManager scope = manager.newSubManager(); Gradients.Tape tape = Gradients.record()) {
                means.lendTo(scope);
                means.zeroGradients();
                NDArray each = DivergenceLoss.TOGETHER.each(rssm, Normal.of(q, q.onesLike()), Normal.of(p, p.onesLike()), objective("planet.freeNats", "1"));
                assertArrayEquals(new float[] {1, 0}, each.toFloatArray(), 1e-6f);
                tape.backward(each.sum());
                assertArrayEquals(new float[] {2, 0}, q.getGradient().toFloatArray(), 1e-6f);
                assertArrayEquals(new float[] {-2, 0}, p.getGradient().toFloatArray(), 1e-6f);
            }
        }
    }

    /** Step by step, in loops: a prediction d steps ahead of step t is held against the reward that came with step t + d. */
    @Test
    void rewardsAheadAreHeldAgainstThoseThatCame() {
        int steps = 5;
        int batch = 2;
        try (NDManager manager = Compute.newManager(); PlanetModel model = new PlanetModel(manager, Toy.shape(Dynamics.RNN), 1);
                Gradients.Pause pause = Gradients.pause()) {
            LatentDynamics dynamics = model.dynamics();
            NDArray actions = Noise.normal(manager, new Shape(steps * batch, 1), 2);
            NDArray embeddings = Noise.normal(manager, new Shape(steps * batch, dynamics.shape().embedding()), 3);
            NDArray rewards = Noise.normal(manager, new Shape(steps * batch), 4);
            float[] came = rewards.toFloatArray();
            LatentSequence sequence = dynamics.observe(steps, actions, embeddings, manager.zeros(new Shape(steps * batch, dynamics.shape().state())));
            double expected = 0;
            for (int d = 1; d <= 3; d++) {
                double sum = 0;
                for (int t = 0; t + d < steps; t++) {
                    for (int b = 0; b < batch; b++) {
                        int row = t * batch + b;
                        LatentState state = new LatentState(sequence.belief().get(row + ":" + (row + 1)), null, sequence.sample().get(row + ":" + (row + 1)));
                        for (int k = 1; k <= d; k++) {
                            int into = (t + k) * batch + b;
                            state = dynamics.imagine(state, actions.get(into + ":" + (into + 1)), null);
                        }
                        sum += Math.pow(model.reward(state.features()).toFloatArray()[0] - came[(t + d) * batch + b], 2);
                    }
                }
                expected += sum / ((steps - d) * batch) / 3;
            }
            assertEquals(expected, new RewardsAhead(3).loss(model, sequence, actions, rewards, steps, 5).toFloatArray()[0], 1e-5);
            assertEquals(0, new RewardsAhead(0).loss(model, sequence, actions, rewards, steps, 5).toFloatArray()[0]);
        }
    }

    @Test
    void rewardsAheadWeighAsMuchAsRewards() {
        try (NDManager manager = Compute.newManager(); PlanetModel model = new PlanetModel(manager, Toy.shape(Dynamics.RSSM), 1)) {
            PlanetLoss loss = loss(manager, model, Toy.settings("planet.rewardAhead=2"), 9);
            float[] values = loss.values();
            assertTrue(values[5] > 0);
            // Half the squared error of the pictures, and five times each of the two errors of rewards; three nats are free, and no step has them.
            assertEquals(0.5 * values[1] + 5 * (values[2] + values[5]), values[0], 2e-3);
        }
    }

    /** The mean over many draws is that of all steps; and each draw has the share of the steps that was asked for, as a mean of theirs. */
    @Test
    void aShareOfTheStepsStandsForAll() {
        try (NDManager manager = Compute.newManager(); PlanetModel model = new PlanetModel(manager, Toy.shape(Dynamics.RSSM), 1)) {
            // Pixels without noise of their own would be the same in both: the error of a frame depends on the seed a little, the choice on it wholly.
            PlanetSettings quarter = Toy.settings("planet.decoded=0.25", "planet.depth=EIGHT_BITS");
            PlanetSettings whole = Toy.settings("planet.depth=EIGHT_BITS");
            int draws = 200;
            double sum = 0;
            double squares = 0;
            double all = 0;
            for (int seed = 0; seed < draws; seed++) {
                double drawn = loss(manager, model, quarter, seed).values()[1];
                sum += drawn;
                squares += drawn * drawn;
                all += loss(manager, model, whole, seed).values()[1];
            }
            double mean = sum / draws;
            double error = Math.sqrt((squares / draws - mean * mean) / draws);
            assertTrue(error > 1e-3, "draws differ");
            assertEquals(all / draws, mean, 4 * error);
        }
    }

    /** A batch of two black and six white frames under a model that draws grey: a quarter of eight is two. */
    private static PlanetLoss loss(NDManager manager, PlanetModel model, PlanetSettings settings, long seed) {
        try (NDManager scope = manager.newSubManager(); Gradients.Pause pause = Gradients.pause()) {
            PlanetLoss loss = PlanetLoss.of(model, scope, batch(), settings, seed);
            for (NDArray each : new NDArray[] {loss.total(), loss.observation(), loss.reward(), loss.ahead(), loss.divergence(), loss.overshooting()}) {
                each.attach(manager);
            }
            return loss;
        }
    }

    private static SequenceBatch batch() {
        SequenceBatch batch = Toy.batch(4, 2, 1);
        // Two of the eight frames are black, which is further from what an untrained decoder draws than noise is.
        for (int i = 0; i < 2 * SequenceReplay.FRAME; i++) {
            batch.frames().put(i, (byte) 0);
        }
        return batch;
    }

    private static Objective objective(String... changes) {
        Preset preset = Preset.named("paper");
        for (int i = 0; i < changes.length; i += 2) {
            preset = preset.with(changes[i], changes[i + 1]);
        }
        return Settings.of(preset, Objective.class);
    }
}
