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
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
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
    private static final Beginnings BEGINNINGS = Beginnings.firstFrames(List.of(episode(-1), episode(1)));

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

    private Dream dream(DreamSettings settings, int lanes) {
        return new Dream(memory, BEGINNINGS, settings, ACTIONS, lanes);
    }

    /** One dream by itself. */
    private final class Alone {

        private static final boolean[] ACTIVE = {true};
        private final Dream dream;
        private final ByteBuffer seen;
        private final double[] reward = new double[1];
        private final boolean[] terminated = new boolean[1];
        private final boolean[] truncated = new boolean[1];

        Alone(DreamSettings settings, Beginnings beginnings) {
            dream = new Dream(memory, beginnings, settings, ACTIONS, 1);
            seen = dream.newObservations();
        }

        Alone(DreamSettings settings) {
            dream = dream(settings, 1);
            seen = dream.newObservations();
        }

        Alone(double temperature, int horizon) {
            this(DreamSettings.carRacing(temperature, horizon));
        }

        void reset(long seed) {
            dream.reset(ACTIVE, new long[] {seed}, seen);
        }

        Transition step(double... action) {
            dream.step(ACTIVE, action, reward, terminated, truncated, seen);
            return new Transition(reward[0], terminated[0], truncated[0]);
        }

        float[] z() {
            return DreamTest.z(seen, 0);
        }
    }

    /** What an observation of a lane begins with. */
    private static float[] z(ByteBuffer seen, int lane) {
        float[] z = new float[3];
        seen.asFloatBuffer().get(lane * (3 + 6), z);
        return z;
    }

    private void bias(int output, float value) {
        NDArray bias = memory.parameters().array("output.bias").duplicate();
        bias.set(new NDIndex(output), value);
        memory.parameters().set("output.bias", bias);
    }

    @Test
    void beginsWithTheFirstFrameOfARealEpisode() {
        Alone dream = new Alone(1, 10);
        int[] begun = new int[2];
        for (int seed = 0; seed < 200; seed++) {
            dream.reset(seed);
            float[] z = dream.z();
            begun[z[0] > 0 ? 1 : 0]++;
            for (float value : z) {
                assertEquals(Math.signum(z[0]), value, 0.7, "deviation e^-2");
            }
        }
        assertTrue(begun[0] > 60 && begun[1] > 60, Arrays.toString(begun));
    }

    @Test
    void observesZAndHOfItsMemory() {
        bias(SHAPE.outputs() - 1, -30);
        Alone dream = new Alone(1, 4);
        assertEquals(ACTIONS, dream.dream.actionSpace());
        assertEquals(3 + 6, dream.dream.observationSpace().size());
        MemoryState state = memory.initial(1);
        dream.reset(7);
        for (int t = 1; t <= 4; t++) {
            state.advance(dream.z(), new double[] {0.3, 1});
            Transition transition = dream.step(0.3, 1);
            assertFalse(transition.terminated());
            assertEquals(t == 4, transition.truncated(), "step " + t);
            float[] h = new float[6];
            dream.seen.asFloatBuffer().get(3, h);
            assertArrayEquals(state.hidden(), h);
        }
    }

    @Test
    void refusesBadActionsAndSmallBuffers() {
        Alone dream = new Alone(1, 4);
        dream.reset(7);
        assertThrows(KitException.class, () -> dream.step(Double.NaN, 0));
        assertThrows(KitException.class, () -> dream.step(0));
        assertThrows(KitException.class, () -> dream.dream.reset(Alone.ACTIVE, new long[1], ByteBuffer.allocate(12)));
    }

    @Test
    void aDreamDependsOnItsSeedAndActionsNotOnItsLane() {
        Dream many = dream(DreamSettings.carRacing(0.7, 100), 3);
        ByteBuffer seen = many.newObservations();
        Alone alone = new Alone(0.7, 100);
        many.reset(new boolean[] {true, true, true}, new long[] {5, 9, 5}, seen);
        alone.reset(9);
        double[] rewards = new double[3];
        boolean[] terminated = new boolean[3];
        for (int t = 0; t < 20; t++) {
            // The neighbour stands still every second step.
            boolean[] active = {true, true, t % 2 == 0};
            many.step(active, new double[] {0.1 * t, 0, -0.5, 0.05 * t, 1, 1}, rewards, terminated, new boolean[3], seen);
            Transition transition = alone.step(-0.5, 0.05 * t);
            assertEquals(transition.reward(), rewards[1]);
            assertEquals(transition.terminated(), terminated[1]);
            assertArrayEquals(alone.z(), z(seen, 1));
        }
        alone.reset(10);
        assertNotEquals(z(seen, 1)[0], alone.z()[0]);
    }

    /** -ln of the mixture by hand, from what M says of the step. */
    @Test
    void aCuriousDriverIsRewardedForWhatMIsUnsureOf() {
        DreamSettings plain = DreamSettings.carRacing(1, 10);
        Alone indifferent = new Alone(plain);
        Alone curious = new Alone(plain.curious(3));
        MemoryState state = memory.initial(1);
        double[] action = {0.3, 0.5};
        indifferent.reset(6);
        curious.reset(6);
        for (int t = 0; t < 5; t++) {
            state.advance(indifferent.z(), action);
            double without = indifferent.step(action).reward();
            double with = curious.step(action).reward();
            assertArrayEquals(indifferent.z(), curious.z(), "curiosity changes rewards, not dreams");
            double surprise = memory.predict(state).latent().negativeLogLikelihood(indifferent.z());
            assertEquals(without + 3 * surprise, with, 1e-5, "step " + t);
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
            Alone dream = new Alone(temperature, 1000);
            int likely = 0;
            double squares = 0;
            for (int seed = 0; seed < 500; seed++) {
                dream.reset(seed);
                dream.step(0, 0);
                float z = dream.z()[0];
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
        Alone dream = new Alone(1, 100);
        dream.reset(1);
        assertEquals(new Transition(0.25 - 100, true, false), dream.step(new double[2]));
    }

    @Test
    void aRunawayZEndsItsDreamAndCostsWhatAnEndCosts() {
        bias(6, 1e6f);
        bias(9, 1e6f);
        bias(SHAPE.outputs() - 1, -30);
        Dream dream = dream(DreamSettings.carRacing(1, 100), 2);
        ByteBuffer seen = dream.newObservations();
        dream.reset(new boolean[] {true, true}, new long[] {1, 2}, seen);
        double[] rewards = {7, 7};
        boolean[] terminated = new boolean[2];
        dream.step(new boolean[] {true, false}, new double[4], rewards, terminated, new boolean[2], seen);
        assertArrayEquals(new boolean[] {true, false}, terminated);
        assertArrayEquals(new double[] {-100, 7}, rewards, "running away is not free");
        assertEquals(1, dream.diverged());
        assertArrayEquals(new float[3], z(seen, 0));
    }

    @Test
    void aDreamIsCutOffAfterSoManyStepsInWhichNothingIsToBeHad() {
        bias(SHAPE.outputs() - 1, -30);
        bias(SHAPE.outputs() - 2, -0.1f);
        DreamSettings waiting = DreamSettings.carRacing(1, 60);
        int[] endedBy = new int[2];
        for (long seed = 0; seed < 20; seed++) {
            Alone patient = new Alone(waiting.patient(3));
            Alone always = new Alone(waiting);
            patient.reset(seed);
            always.reset(seed);
            int idle = 0;
            for (int t = 0; t < 60; t++) {
                Transition step = patient.step(Math.sin(t), 0.5);
                assertEquals(always.step(Math.sin(t), 0.5).reward(), step.reward(), "until then it is the same dream");
                idle = step.reward() > 0 ? 0 : idle + 1;
                assertEquals(new Transition(step.reward(), false, idle == 3 || t == 59), step, "step " + t);
                if (step.truncated()) {
                    endedBy[idle == 3 ? 1 : 0]++;
                    break;
                }
            }
        }
        assertEquals(20, endedBy[0] + endedBy[1]);
        assertTrue(endedBy[1] > 0, Arrays.toString(endedBy));
        assertThrows(KitException.class, () -> waiting.patient(-1));
    }

    @Test
    void mPromisesNoMoreThanAStepCanBring() {
        bias(SHAPE.outputs() - 1, -30);
        memory.parameters().set("output.weight", memory.parameters().array("output.weight").zerosLike());
        DreamSettings settings = DreamSettings.carRacing(1, 100);
        for (float promised : new float[] {-2, 1, 50}) {
            bias(SHAPE.outputs() - 2, promised);
            Alone dream = new Alone(settings);
            dream.reset(1);
            assertEquals(Math.clamp(promised, settings.least(), settings.most()), dream.step(0, 0).reward());
        }
        assertEquals(-0.1, settings.least());
    }

    /** An episode that counts its frames, so that z tells where a dream began; no noise. */
    private static LatentEpisode counting(int frames) {
        float[] means = new float[3 * frames];
        float[] actions = new float[2 * frames];
        for (int t = 0; t < frames; t++) {
            Arrays.fill(means, 3 * t, 3 * t + 3, t);
            actions[2 * t] = 0.1f * t;
        }
        return new LatentEpisode(3, means, new float[3 * frames], actions, new float[frames], false);
    }

    @Test
    void aBranchedDreamBeginsWithWhatMRemembersOfTheRealSteps() {
        Beginnings beginnings = new Beginnings(List.of(counting(12), counting(3)), 1, 4, 0);
        LatentEpisode episode = counting(12);
        boolean[] begun = new boolean[12];
        for (int seed = 0; seed < 100; seed++) {
            Alone dream = new Alone(DreamSettings.carRacing(1, 10), beginnings);
            dream.reset(seed);
            int frame = (int) dream.z()[0];
            begun[frame] = true;
            Beginnings.Beginning moment = beginnings.of(seed);
            assertEquals(frame, moment.frame() + moment.watched(), "the moment is known without dreaming");
            MemoryState state = memory.initial(1);
            for (int t = frame - 4; t < frame; t++) {
                state.advance(episode.mean(t), episode.action(t));
            }
            float[] h = new float[6];
            dream.seen.asFloatBuffer().get(3, h);
            assertArrayEquals(state.hidden(), h);
        }
        for (int frame = 0; frame < 12; frame++) {
            assertEquals(frame >= 4, begun[frame], "frame " + frame);
        }
        assertThrows(KitException.class, () -> new Beginnings(List.of(counting(3)), 0.5, 4, 0));
    }

    @Test
    void someDreamsBranchAndNoneDependsOnItsNeighbours() {
        Beginnings beginnings = new Beginnings(List.of(counting(12)), 0.5, 4, 0.1f);
        DreamSettings settings = DreamSettings.carRacing(1, 10);
        int lanes = 60;
        Dream many = new Dream(memory, beginnings, settings, ACTIONS, lanes);
        ByteBuffer seen = many.newObservations();
        boolean[] all = new boolean[lanes];
        long[] seeds = new long[lanes];
        for (int lane = 0; lane < lanes; lane++) {
            all[lane] = true;
            seeds[lane] = lane;
        }
        many.reset(all, seeds, seen);
        int branched = 0;
        for (int lane = 0; lane < lanes; lane++) {
            Alone alone = new Alone(settings, beginnings);
            alone.reset(lane);
            float[] one = new float[9];
            float[] other = new float[9];
            alone.seen.asFloatBuffer().get(0, one);
            seen.asFloatBuffer().get(lane * 9, other);
            assertArrayEquals(one, other, "dream " + lane);
            branched += one[3] == 0 ? 0 : 1;
        }
        assertTrue(branched > 18 && branched < 42, branched + " of 60");
    }

    @Test
    void refusesWhatCannotBeDreamt() {
        MdnRnn headless = new MdnRnn(manager, SHAPE.withHeads(true, false), 1);
        DreamSettings settings = DreamSettings.carRacing(1, 10);
        assertThrows(KitException.class, () -> new Dream(headless, BEGINNINGS, settings, ACTIONS, 1));
        assertThrows(KitException.class, () -> Beginnings.firstFrames(List.of()));
        assertThrows(KitException.class, () -> DreamSettings.carRacing(0, 10));
        assertThrows(KitException.class, () -> new Dream(memory, BEGINNINGS, settings, Space.vector(new double[3], new double[3]), 1));
    }
}
