package worldmodels.dream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import worldmodels.env.Environment;
import worldmodels.env.Space;
import worldmodels.env.Transition;
import worldmodels.memory.LatentEpisode;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MdnRnnShape;
import worldmodels.memory.MemoryState;
import worldmodels.nn.Compute;
import worldmodels.run.KitException;

class DreamTest {

    private static final MdnRnnShape SHAPE = new MdnRnnShape(3, 2, 6, 2, true, true);
    private static final Space ACTIONS = Space.vector(new double[] {-1, 0}, new double[] {1, 1});
    private static final FirstFrames BEGINNINGS = new FirstFrames(List.of(episode(-1), episode(1)));

    private final NDManager manager = Compute.newManager();
    private final MdnRnn memory = new MdnRnn(manager, SHAPE, 4);

    @AfterEach
    void close() {
        manager.close();
    }

    private static LatentEpisode episode(float mean) {
        float[] means = new float[6];
        float[] logVariances = new float[6];
        Arrays.fill(means, mean);
        Arrays.fill(logVariances, -4);
        return new LatentEpisode(3, means, logVariances, new float[4], new float[2], false);
    }

    private DreamEnvironment environment(double temperature, int horizon) {
        return new DreamEnvironment(memory, BEGINNINGS, DreamSettings.carRacing(temperature, horizon), ACTIONS);
    }

    private void bias(int output, float value) {
        NDArray bias = memory.parameters().array("output.bias").duplicate();
        bias.set(new NDIndex(output), value);
        memory.parameters().set("output.bias", bias);
    }

    @Test
    void beginsWithTheFirstFrameOfARealEpisode() {
        DreamEnvironment dream = environment(1, 10);
        int[] begun = new int[2];
        for (int seed = 0; seed < 200; seed++) {
            dream.reset(seed);
            float[] z = dream.latent();
            begun[z[0] > 0 ? 1 : 0]++;
            for (float value : z) {
                assertEquals(Math.signum(z[0]), value, 0.7, "deviation e^-2");
            }
        }
        assertTrue(begun[0] > 60 && begun[1] > 60, Arrays.toString(begun));
    }

    /** As the real environment: same action, reset and observation contract. */
    @Test
    void isAnEnvironmentThatObservesZ() {
        Environment dream = environment(1, 4);
        assertEquals(ACTIONS, dream.actionSpace());
        assertEquals(3 * Float.BYTES, dream.observationSpace().bytes());
        bias(SHAPE.outputs() - 1, -30);
        dream = environment(1, 4);
        dream.reset(7);
        for (int t = 1; t <= 4; t++) {
            Transition transition = dream.step(new double[] {0.3, 1});
            assertFalse(transition.terminated());
            assertEquals(t == 4, transition.truncated(), "step " + t);
        }
        ByteBuffer seen = ByteBuffer.allocateDirect(12).order(ByteOrder.nativeOrder());
        dream.observe(seen);
        assertEquals(((DreamEnvironment) dream).latent()[2], seen.getFloat(8));
        Environment running = dream;
        assertThrows(KitException.class, () -> running.step(new double[] {Double.NaN, 0}));
        assertThrows(KitException.class, () -> running.step(new double[3]));
    }

    @Test
    void aDreamDependsOnItsSeedAndActionsNotOnItsLane() {
        Dream many = new Dream(memory, BEGINNINGS, DreamSettings.carRacing(0.7, 100), 3);
        DreamEnvironment alone = environment(0.7, 100);
        many.start(0, 5);
        many.start(1, 9);
        many.start(2, 5);
        alone.reset(9);
        double[] rewards = new double[3];
        boolean[] terminated = new boolean[3];
        for (int t = 0; t < 20; t++) {
            // The neighbour stands still every second step.
            boolean[] active = {true, true, t % 2 == 0};
            many.step(active, new double[] {0.1 * t, 0, -0.5, 0.05 * t, 1, 1}, rewards, terminated, new boolean[3]);
            Transition transition = alone.step(new double[] {-0.5, 0.05 * t});
            assertEquals(transition.reward(), rewards[1]);
            assertEquals(transition.terminated(), terminated[1]);
            float[] z = new float[3];
            many.latent(1, z, 0);
            assertArrayEquals(alone.latent(), z);
        }
        alone.reset(10);
        float[] z = new float[3];
        many.latent(1, z, 0);
        assertNotEquals(z[0], alone.latent()[0]);
    }

    /** -ln of the mixture by hand, from what M says of the step. */
    @Test
    void aCuriousDriverIsRewardedForWhatMIsUnsureOf() {
        DreamSettings plain = DreamSettings.carRacing(1, 10);
        Dream indifferent = new Dream(memory, BEGINNINGS, plain, 1);
        Dream curious = new Dream(memory, BEGINNINGS, plain.curious(3), 1);
        MemoryState state = memory.initial(1);
        boolean[] one = {true};
        double[] action = {0.3, 0.5};
        double[] without = new double[1];
        double[] with = new double[1];
        float[] z = new float[3];
        indifferent.start(0, 6);
        curious.start(0, 6);
        for (int t = 0; t < 5; t++) {
            indifferent.latent(0, z, 0);
            state.advance(z, action);
            indifferent.step(one, action, without, new boolean[1], new boolean[1]);
            curious.step(one, action, with, new boolean[1], new boolean[1]);
            indifferent.latent(0, z, 0);
            float[] dreamt = new float[3];
            curious.latent(0, dreamt, 0);
            assertArrayEquals(z, dreamt, "curiosity changes rewards, not dreams");
            double surprise = memory.predict(state).latent().negativeLogLikelihood(z);
            assertEquals(without[0] + 3 * surprise, with[0], 1e-5, "step " + t);
        }
        assertThrows(KitException.class, () -> plain.curious(-1));
    }

    /** Sure of what comes: with one component and no noise the next z is the mean, whatever was drawn. */
    @Test
    void theColderTheDreamTheCloserToWhatMThinksMostLikely() {
        for (int d = 0; d < 3; d++) {
            for (int k = 0; k < 2; k++) {
                bias(2 * 6 + k * 3 + d, -1);
                bias(k * 3 + d, k == 0 ? 2 : 0);
                bias(6 + k * 3 + d, k == 0 ? 0 : 5);
            }
        }
        memory.parameters().set("output.weight", memory.parameters().array("output.weight").zerosLike());
        int far = 0;
        double spread = 0;
        for (double temperature : new double[] {0.1, 1.3}) {
            DreamEnvironment dream = environment(temperature, 1000);
            int likely = 0;
            double squares = 0;
            for (int seed = 0; seed < 500; seed++) {
                dream.reset(seed);
                dream.step(new double[] {0, 0});
                float z = dream.latent()[0];
                likely += z < 2.5 ? 1 : 0;
                squares += z < 2.5 ? z * z : 0;
            }
            double share = 1 / (1 + Math.exp(-2 / temperature));
            assertEquals(share, likely / 500.0, 4 * Math.sqrt(share * (1 - share) / 500) + 1e-3, "weights at " + temperature);
            assertEquals(temperature * Math.exp(-2), squares / likely, 0.25 * temperature * Math.exp(-2), "variance at " + temperature);
            far += 500 - likely;
            spread += squares;
        }
        assertTrue(far > 0 && spread > 0);
    }

    @Test
    void anEndCostsWhatTheEnvironmentSays() {
        bias(SHAPE.outputs() - 2, 0.25f);
        bias(SHAPE.outputs() - 1, 30);
        memory.parameters().set("output.weight", memory.parameters().array("output.weight").zerosLike());
        DreamEnvironment dream = environment(1, 100);
        dream.reset(1);
        assertEquals(new Transition(0.25 - 100, true, false), dream.step(new double[2]));
    }

    @Test
    void aRunawayZEndsItsDreamAndIsCounted() {
        bias(6, 1e6f);
        bias(9, 1e6f);
        bias(SHAPE.outputs() - 1, -30);
        Dream dream = new Dream(memory, BEGINNINGS, DreamSettings.carRacing(1, 100), 2);
        dream.start(0, 1);
        dream.start(1, 2);
        double[] rewards = {7, 7};
        boolean[] terminated = new boolean[2];
        dream.step(new boolean[] {true, false}, new double[4], rewards, terminated, new boolean[2]);
        assertArrayEquals(new boolean[] {true, false}, terminated);
        assertArrayEquals(new double[] {0, 7}, rewards);
        assertEquals(1, dream.diverged());
        float[] z = new float[3];
        dream.latent(0, z, 0);
        assertArrayEquals(new float[3], z);
    }

    @Test
    void refusesWhatCannotBeDreamt() {
        MdnRnn headless = new MdnRnn(manager, SHAPE.withHeads(true, false), 1);
        DreamSettings settings = DreamSettings.carRacing(1, 10);
        assertThrows(KitException.class, () -> new Dream(headless, BEGINNINGS, settings, 1));
        assertThrows(KitException.class, () -> new FirstFrames(List.of()));
        assertThrows(KitException.class, () -> DreamSettings.carRacing(0, 10));
        assertThrows(KitException.class, () -> new DreamEnvironment(memory, BEGINNINGS, settings, Space.vector(new double[3], new double[3])));
    }
}
