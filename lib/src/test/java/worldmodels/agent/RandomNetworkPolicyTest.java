package worldmodels.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import worldmodels.data.EpisodeJob;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MdnRnnShape;
import worldmodels.memory.MemoryState;
import worldmodels.nn.Compute;
import worldmodels.nn.Gradients;
import worldmodels.nn.Normal;
import worldmodels.nn.Parameters;
import worldmodels.random.Pcg64;
import worldmodels.vision.ConvVae;

class RandomNetworkPolicyTest {

    @Test
    void anEpisodeDependsOnItsSeedAloneNotOnItsLane() {
        RandomNetworkPolicy four = new RandomNetworkPolicy(4);
        RandomNetworkPolicy one = new RandomNetworkPolicy(1);
        for (int lane = 0; lane < 4; lane++) {
            four.start(lane, new EpisodeJob(0, 10 + lane));
        }
        one.start(0, new EpisodeJob(0, 12));
        double[] actions = new double[12];
        double[] alone = new double[3];
        for (int step = 0; step < 50; step++) {
            four.act(null, new boolean[] {true, step % 2 == 0, true, true}, actions);
            one.act(null, new boolean[] {true}, alone);
            assertArrayEquals(alone, Arrays.copyOfRange(actions, 6, 9));
            assertTrue(Math.abs(alone[0]) <= 1 && alone[1] >= 0 && alone[1] <= 1 && alone[2] >= 0 && alone[2] <= 1);
        }
        assertFalse(four.looks());
    }

    @Test
    void episodesDifferAndMostRollAtHalfGas() {
        RandomNetworkPolicy policy = new RandomNetworkPolicy(200);
        boolean[] active = new boolean[200];
        Arrays.fill(active, true);
        for (int lane = 0; lane < 200; lane++) {
            policy.start(lane, new EpisodeJob(0, lane));
        }
        double[] actions = new double[600];
        policy.act(null, active, actions);
        long nearHalf = 0;
        for (int lane = 0; lane < 200; lane++) {
            nearHalf += Math.abs(actions[lane * 3 + 1] - 0.5) < 0.2 ? 1 : 0;
        }
        assertTrue(nearHalf > 100 && nearHalf < 195, nearHalf + " of 200 near half gas");
    }

    /** The quartiles of a standard Cauchy number are -1, 0 and 1. */
    @Test
    void weightsAreCauchy() {
        Pcg64 random = Pcg64.seeded(4);
        double[] drawn = new double[40_000];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = RandomNetworkPolicy.cauchy(random);
        }
        Arrays.sort(drawn);
        assertEquals(-1, drawn[drawn.length / 4], 0.05);
        assertEquals(0, drawn[drawn.length / 2], 0.05);
        assertEquals(1, drawn[drawn.length * 3 / 4], 0.05);
    }

    /** Why no V and M are needed: with the authors' weights, at the largest scale, z is N(0, 1) and h is 0. */
    @Test
    void theAuthorsRandomVisionAndMemorySeeNothing() {
        Pcg64 random = Pcg64.seeded(8);
        try (NDManager manager = Compute.newManager(); Gradients.Pause pause = Gradients.pause();
                ConvVae vision = new ConvVae(manager, 32, 1); MdnRnn memory = new MdnRnn(manager, MdnRnnShape.carRacing(32), 1)) {
            for (int draw = 0; draw < 3; draw++) {
                randomise(vision.parameters(), random, manager);
                randomise(memory.parameters(), random, manager);
                byte[] pixels = new byte[2 * 64 * 64 * 3];
                for (int i = 0; i < pixels.length; i++) {
                    pixels[i] = (byte) random.integers(256);
                }
                NDArray frames = manager.create(java.nio.ByteBuffer.wrap(pixels), new Shape(2, 64, 64, 3), DataType.UINT8);
                Normal posterior = vision.encode(frames);
                assertEquals(0, posterior.mean().abs().max().toFloatArray()[0], 1e-2);
                assertEquals(0, posterior.logVariance().abs().max().toFloatArray()[0], 1e-2);
                MemoryState state = memory.initial(1);
                for (int step = 0; step < 20; step++) {
                    float[] z = new float[32];
                    for (int i = 0; i < z.length; i++) {
                        z[i] = (float) random.standardNormal();
                    }
                    state.advance(z, new double[] {random.uniform(-1, 1), 0.5, 0});
                }
                float[] h = state.hidden();
                double typical = 0;
                for (float value : h) {
                    typical += Math.abs(value) / h.length;
                }
                assertEquals(0, typical, 1e-2);
            }
        }
    }

    private static void randomise(Parameters parameters, Pcg64 random, NDManager manager) {
        for (String name : parameters.names()) {
            Shape shape = parameters.array(name).getShape();
            float[] values = new float[(int) shape.size()];
            for (int i = 0; i < values.length && !name.startsWith("dec"); i++) {
                values[i] = (float) (RandomNetworkPolicy.LARGEST_SCALE * RandomNetworkPolicy.cauchy(random) / 10_000);
            }
            if (name.equals("lstm.bias")) {
                // TensorFlow adds the forget bias inside the cell, beside the weights.
                for (int i = values.length / 4; i < values.length / 2; i++) {
                    values[i] += 1;
                }
            }
            parameters.set(name, manager.create(values, shape));
        }
    }
}
