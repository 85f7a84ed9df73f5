package worldmodels.planet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import worldmodels.nn.Compute;
import worldmodels.nn.Gradients;
import worldmodels.nn.Noise;
import worldmodels.nn.Normal;
import worldmodels.nn.Parameters;

class LatentDynamicsTest {

    private static final LatentShape SMALL = new LatentShape(6, 3, 5, 8, 2, 0.1);
    private static final int STEPS = 4;
    private static final int BATCH = 3;

    private NDManager manager;
    private Parameters parameters;
    private Gradients.Pause pause;

    @BeforeEach
    void open() {
        manager = Compute.newManager();
        parameters = new Parameters(manager);
        pause = Gradients.pause();
    }

    @AfterEach
    void close() {
        pause.close();
        parameters.close();
        manager.close();
    }

    @Test
    void paperRssmHasItsParameters() {
        new Rssm(parameters, Toy.paper(Dynamics.RSSM).latent(), FirstWeights.PLAIN, 1);
        long input = 200 * 30 + 200 * 1 + 200;
        long gru = 2 * 600 * 200 + 2 * 600;
        long prior = 200 * 200 + 200 + 60 * 200 + 60;
        long posterior = 200 * 200 + 200 * 1024 + 200 + 60 * 200 + 60;
        assertEquals(input + gru + prior + posterior, parameters.count());
        assertEquals(556_920, parameters.count());
    }

    @Test
    void paperSsmHasItsParameters() {
        new Ssm(parameters, Toy.paper(Dynamics.SSM).latent(), FirstWeights.PLAIN, 1);
        long prior = 200 * 30 + 200 * 1 + 200 + 60 * 200 + 60;
        long posterior = 200 * 60 + 200 * 1024 + 200 + 60 * 200 + 60;
        assertEquals(prior + posterior, parameters.count());
    }

    @ParameterizedTest
    @EnumSource
    void watchingSequencesEqualsWatchingStepByStep(Dynamics kind) {
        LatentDynamics dynamics = kind.create(parameters, SMALL, FirstWeights.PLAIN, 1);
        NDArray actions = Noise.normal(manager, new Shape(STEPS * BATCH, 2), 2);
        NDArray embeddings = Noise.normal(manager, new Shape(STEPS * BATCH, 8), 3);
        NDArray noise = Noise.normal(manager, new Shape(STEPS * BATCH, 3), 4);
        LatentSequence sequence = dynamics.observe(STEPS, actions, embeddings, noise);
        assertEquals(new Shape(STEPS * BATCH, dynamics.features()), sequence.features().getShape());

        LatentState state = dynamics.initial(manager, BATCH);
        for (int t = 0; t < STEPS; t++) {
            String rows = t * BATCH + ":" + (t + 1) * BATCH;
            LatentState prior = dynamics.imagine(state, actions.get(rows), noise.get(rows));
            state = dynamics.observe(state, actions.get(rows), embeddings.get(rows), noise.get(rows));
            assertNear(prior.distribution().mean(), sequence.prior().mean().get(rows));
            assertNear(prior.distribution().deviation(), sequence.prior().deviation().get(rows));
            assertNear(state.distribution().mean(), sequence.posterior().mean().get(rows));
            assertNear(state.distribution().deviation(), sequence.posterior().deviation().get(rows));
            assertNear(state.features(), sequence.features().get(rows));
        }
    }

    @ParameterizedTest
    @EnumSource
    void goingOnWithoutPicturesEqualsStepByStep(Dynamics kind) {
        LatentDynamics dynamics = kind.create(parameters, SMALL, FirstWeights.PLAIN, 1);
        NDArray actions = Noise.normal(manager, new Shape(STEPS * BATCH, 2), 2);
        NDArray noise = Noise.normal(manager, new Shape(STEPS * BATCH, 3), 4);
        LatentState state = dynamics.imagine(dynamics.initial(manager, BATCH), actions.get(":" + BATCH), noise.get(":" + BATCH));
        float[] before = state.features().toFloatArray();
        NDArray features = dynamics.imagine(state, STEPS, actions, noise);
        assertArrayEquals(before, state.features().toFloatArray(), "the start is left as it was");
        for (int t = 0; t < STEPS; t++) {
            String rows = t * BATCH + ":" + (t + 1) * BATCH;
            state = dynamics.imagine(state, actions.get(rows), noise.get(rows));
            assertNear(state.features(), features.get(rows));
        }
    }

    @Test
    void stochasticModelHasNoOtherPathThanItsSample() {
        Ssm ssm = new Ssm(parameters, SMALL, FirstWeights.PLAIN, 1);
        assertNull(ssm.initial(manager, 2).belief());
        assertEquals(3, ssm.features());
        // Two pasts that end in the same sample have the same future.
        NDArray sample = Noise.normal(manager, new Shape(1, 3), 5);
        NDArray action = Noise.normal(manager, new Shape(1, 2), 6);
        NDArray noise = Noise.normal(manager, new Shape(1, 3), 7);
        LatentState one = new LatentState(null, ssm.initial(manager, 1).distribution(), sample);
        LatentState other = new LatentState(null, Normal.of(sample.mul(5), sample.onesLike()), sample);
        assertArrayEquals(ssm.imagine(one, action, noise).sample().toFloatArray(), ssm.imagine(other, action, noise).sample().toFloatArray());
    }

    @Test
    void recurrentModelRemembersBesideItsSample() {
        Rssm rssm = new Rssm(parameters, SMALL, FirstWeights.PLAIN, 1);
        NDArray sample = Noise.normal(manager, new Shape(1, 3), 5);
        NDArray action = Noise.normal(manager, new Shape(1, 2), 6);
        LatentState one = new LatentState(Noise.normal(manager, new Shape(1, 6), 7), null, sample);
        LatentState other = new LatentState(Noise.normal(manager, new Shape(1, 6), 8), null, sample);
        NDArray noise = manager.zeros(new Shape(1, 3));
        assertFalse(Arrays.equals(rssm.imagine(one, action, noise).sample().toFloatArray(), rssm.imagine(other, action, noise).sample().toFloatArray()));
    }

    @Test
    void deterministicModelDrawsNothing() {
        DeterministicRnn rnn = new DeterministicRnn(parameters, SMALL, FirstWeights.PLAIN, 1);
        NDArray actions = Noise.normal(manager, new Shape(STEPS * BATCH, 2), 2);
        NDArray embeddings = Noise.normal(manager, new Shape(STEPS * BATCH, 8), 3);
        Shape noise = new Shape(STEPS * BATCH, 3);
        LatentSequence one = rnn.observe(STEPS, actions, embeddings, Noise.normal(manager, noise, 4));
        LatentSequence other = rnn.observe(STEPS, actions, embeddings, Noise.normal(manager, noise, 5));
        assertArrayEquals(one.features().toFloatArray(), other.features().toFloatArray());
        assertArrayEquals(one.posterior().mean().toFloatArray(), one.sample().toFloatArray());
    }

    @Test
    void posteriorIsThePriorWhereThePictureSaysNothing() {
        Rssm rssm = new Rssm(parameters, SMALL, FirstWeights.PLAIN, 1);
        parameters.set("dynamics.posterior.embedding", manager.zeros(new Shape(5, 8)));
        parameters.set("dynamics.posterior.belief", parameters.array("dynamics.prior.hidden.weight"));
        parameters.set("dynamics.posterior.output.weight", parameters.array("dynamics.prior.output.weight"));
        NDArray actions = Noise.normal(manager, new Shape(STEPS * BATCH, 2), 2);
        NDArray embeddings = Noise.normal(manager, new Shape(STEPS * BATCH, 8), 3);
        LatentSequence sequence = rssm.observe(STEPS, actions, embeddings, Noise.normal(manager, new Shape(STEPS * BATCH, 3), 4));
        assertArrayEquals(new float[STEPS * BATCH], rssm.divergence(sequence.posterior(), sequence.prior()).toFloatArray(), 1e-6f);
    }

    private static void assertNear(NDArray expected, NDArray actual) {
        assertEquals(expected.getShape(), actual.getShape());
        assertArrayEquals(expected.toFloatArray(), actual.toFloatArray(), 1e-5f);
    }
}
