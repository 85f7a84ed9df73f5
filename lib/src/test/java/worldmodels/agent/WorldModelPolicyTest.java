package worldmodels.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.controller.Controller;
import worldmodels.controller.Features;
import worldmodels.data.EpisodeJob;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MdnRnnShape;
import worldmodels.memory.MemoryState;
import worldmodels.nn.Compute;
import worldmodels.nn.Normal;
import worldmodels.nn.Parameters;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;
import worldmodels.vision.VisionModel;

class WorldModelPolicyTest {

    private static final int LATENT = 4;
    private static final int FRAME = 64 * 64 * 3;

    private final NDManager manager = Compute.newManager();
    private final MdnRnn memory = new MdnRnn(manager, new MdnRnnShape(LATENT, 3, 5, 2, false, false), 3);
    private final VisionModel vision = new FirstPixels();
    private final Controller controller = Features.Z_H.controller(LATENT, 5);

    @AfterEach
    void close() {
        manager.close();
    }

    /** V, C and M composed by hand for one episode. */
    @Test
    void actsAsThePaperComposesVAndMAndC() {
        double[] parameters = parameters(1)[0];
        try (WorldModelPolicy policy = new WorldModelPolicy(vision, memory, controller, LatentChoice.MEAN, 1).parameters(parameters)) {
            MemoryState state = memory.initial(1);
            policy.start(0, new EpisodeJob(0, 7));
            for (int step = 0; step < 6; step++) {
                ByteBuffer frame = frames(1, step);
                double[] actions = new double[3];
                policy.act(frame, new boolean[] {true}, actions);

                float[] z = new float[LATENT];
                for (int i = 0; i < LATENT; i++) {
                    z[i] = (frame.get(i) & 0xFF) / 255f;
                }
                float[] features = Arrays.copyOf(z, LATENT + 5);
                System.arraycopy(state.hidden(), 0, features, LATENT, 5);
                double[] expected = new double[3];
                controller.act(features, 0, parameters, expected, 0);
                assertArrayEquals(expected, actions, 1e-6, "step " + step);
                assertArrayEquals(z, policy.latent(0), 1e-6f);
                state.advance(z, expected);
            }
        }
    }

    @Test
    void aLaneActsAsItsCandidateWouldAlone() {
        double[][] population = parameters(3);
        try (WorldModelPolicy three = new WorldModelPolicy(vision, memory, controller, LatentChoice.SAMPLED, 3).population(population);
                WorldModelPolicy alone = new WorldModelPolicy(vision, memory, controller, LatentChoice.SAMPLED, 1).population(population)) {
            int[] candidates = {2, 0, 1};
            for (int lane = 0; lane < 3; lane++) {
                three.start(lane, new EpisodeJob(candidates[lane], 40 + lane));
            }
            alone.start(0, new EpisodeJob(0, 41));
            double[] actions = new double[9];
            double[] single = new double[3];
            for (int step = 0; step < 6; step++) {
                if (step == 3) {
                    // Another lane begins anew and forgets; this one goes on.
                    three.start(0, new EpisodeJob(1, 99));
                }
                ByteBuffer frames = frames(3, step);
                three.act(frames, new boolean[] {true, true, step % 2 == 0}, actions);
                ByteBuffer own = ByteBuffer.allocateDirect(FRAME).put(frames.slice(FRAME, FRAME)).flip();
                alone.act(own, new boolean[] {true}, single);
                assertArrayEquals(single, Arrays.copyOfRange(actions, 3, 6), 1e-6, "step " + step);
            }
        }
    }

    @Test
    void sampledLatentsSpreadAroundTheMean() {
        Controller blind = Features.Z.controller(LATENT, 0);
        try (WorldModelPolicy policy = new WorldModelPolicy(vision, null, blind, LatentChoice.SAMPLED, 1)
                .parameters(new double[blind.parameterCount()])) {
            policy.start(0, new EpisodeJob(0, 5));
            ByteBuffer frame = frames(1, 0);
            double mean = (frame.get(0) & 0xFF) / 255.0;
            double sum = 0;
            double squares = 0;
            int draws = 2_000;
            for (int i = 0; i < draws; i++) {
                policy.act(frame, new boolean[] {true}, new double[3]);
                double off = policy.latent(0)[0] - mean;
                sum += off;
                squares += off * off;
            }
            // The double's log variance is ln 4.
            assertEquals(0, sum / draws, 4 * 2 / Math.sqrt(draws));
            assertEquals(4, squares / draws, 4 * 4 * Math.sqrt(2.0 / draws));
        }
    }

    @Test
    void refusesPartsThatDoNotFit() {
        assertThrows(KitException.class, () -> new WorldModelPolicy(vision, null, controller, LatentChoice.MEAN, 1));
        Controller larger = Features.Z_H.controller(LATENT, 6);
        assertThrows(KitException.class, () -> new WorldModelPolicy(vision, memory, larger, LatentChoice.MEAN, 1));
        try (WorldModelPolicy policy = new WorldModelPolicy(vision, memory, controller, LatentChoice.MEAN, 1)) {
            assertThrows(KitException.class, () -> policy.start(0, new EpisodeJob(0, 1)));
            assertThrows(KitException.class, () -> policy.parameters(new double[3]));
            policy.population(parameters(2));
            assertThrows(KitException.class, () -> policy.start(0, new EpisodeJob(2, 1)));
        }
    }

    @Test
    void anAgentIsSavedAndLoaded(@TempDir Path folder) {
        Path file = folder.resolve("controller.safetensors");
        double[] parameters = parameters(1)[0];
        new Agent(vision, memory, Features.Z_H, LatentChoice.MEAN, parameters).save(file);
        Agent loaded = Agent.load(vision, memory, Features.Z_H, LatentChoice.MEAN, file);
        assertArrayEquals(parameters, loaded.parameters());
        try (WorldModelPolicy policy = loaded.policy(2)) {
            assertTrue(policy.looks());
        }
        KitException refused = assertThrows(KitException.class, () -> Agent.load(vision, memory, Features.Z, LatentChoice.MEAN, file));
        assertTrue(refused.getMessage().contains("features"), refused.getMessage());
        assertFalse(Features.Z.usesHidden());
    }

    private double[][] parameters(int count) {
        Pcg64 random = Pcg64.seeded(6);
        double[][] population = new double[count][controller.parameterCount()];
        for (double[] vector : population) {
            random.standardNormal(vector);
        }
        return population;
    }

    private static ByteBuffer frames(int lanes, int step) {
        ByteBuffer frames = ByteBuffer.allocateDirect(lanes * FRAME);
        Pcg64 random = Pcg64.seeded(100 + step);
        for (int i = 0; i < lanes * FRAME; i++) {
            frames.put(i, (byte) random.integers(256));
        }
        return frames;
    }

    /** Sees the first pixels: μ is their brightness, σ is 2. */
    private static final class FirstPixels implements VisionModel {
        @Override
        public int latentSize() {
            return LATENT;
        }

        @Override
        public Parameters parameters() {
            throw new AssertionError("it has none");
        }

        @Override
        public void save(Path file) {
            throw new AssertionError("an agent that acts never saves V");
        }

        @Override
        public Normal encode(NDArray frames) {
            long batch = frames.getShape().get(0);
            NDArray mean = frames.toType(DataType.FLOAT32, true).reshape(batch, -1).get(":, 0:" + LATENT).div(255);
            return Normal.ofLogVariance(mean, mean.onesLike().mul(Math.log(4)));
        }

        @Override
        public NDArray decode(NDArray z) {
            throw new AssertionError("an agent that acts never decodes");
        }

        @Override
        public void close() {}
    }
}
