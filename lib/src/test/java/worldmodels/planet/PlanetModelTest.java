package worldmodels.planet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.data.EpisodeJob;
import worldmodels.nn.Compute;
import worldmodels.nn.Gradients;
import worldmodels.nn.Noise;

class PlanetModelTest {

    @Test
    void paperModelHasItsParameters() {
        long encoder = 32 * 3 * 16 + 32 + 64 * 32 * 16 + 64 + 128 * 64 * 16 + 128 + 256 * 128 * 16 + 256;
        long decoder = 1024 * 230 + 1024 + 1024 * 128 * 25 + 128 + 128 * 64 * 25 + 64 + 64 * 32 * 36 + 32 + 32 * 3 * 36 + 3;
        long reward = 300 * 230 + 300 + 2 * (300 * 300 + 300) + 300 + 1;
        try (NDManager manager = Compute.newManager(); PlanetModel model = new PlanetModel(manager, Toy.paper(Dynamics.RSSM), 1)) {
            assertEquals(encoder + decoder + reward + 556_920, model.parameters().count());
            assertEquals(5_292_820, model.parameters().count());
        }
    }

    @Test
    void picturesGoInAndOut() {
        try (NDManager manager = Compute.newManager(); PlanetModel model = new PlanetModel(manager, Toy.shape(Dynamics.RSSM), 1);
                Gradients.Pause pause = Gradients.pause()) {
            NDArray embedding = model.encode(Noise.normal(manager, new Shape(3, 3, 64, 64), 1));
            assertEquals(new Shape(3, 128), embedding.getShape());
            NDArray features = Noise.normal(manager, new Shape(5, model.dynamics().features()), 2);
            assertEquals(new Shape(5, 3, 64, 64), model.decode(features).getShape());
            assertEquals(new Shape(5), model.reward(features).getShape());
        }
    }

    @Test
    void fiveBitsAreCentredAndSpreadOverTheirLevel() {
        try (NDManager manager = Compute.newManager()) {
            ByteBuffer bytes = ByteBuffer.allocateDirect(6).put(new byte[] {0, 7, 8, (byte) 128, (byte) 248, (byte) 255}).flip();
            NDArray frames = manager.create(bytes, new Shape(1, 1, 2, 3), DataType.UINT8);
            NDArray u = manager.create(new float[] {0, 0.5f, 0, 0, 0, 0.875f}, new Shape(1, 1, 2, 3));
            float[] centred = PixelDepth.FIVE_BITS.centred(frames, u).transpose(0, 2, 3, 1).toFloatArray();
            assertArrayEquals(new float[] {-0.5f, -0.484375f, -0.46875f, 0, 0.46875f, 0.49609375f}, centred, 1e-7f);
            assertEquals(128, PixelDepth.toByte(0.001f));
            assertEquals(0, PixelDepth.toByte(-3));
            assertEquals(255, PixelDepth.toByte(0.499f));
        }
    }

    @Test
    void savesAndLoads(@TempDir Path folder) {
        Path file = folder.resolve("planet.safetensors");
        try (NDManager manager = Compute.newManager(); PlanetModel model = new PlanetModel(manager, Toy.shape(Dynamics.SSM), 1)) {
            model.save(file);
            try (PlanetModel loaded = PlanetModel.load(manager, file)) {
                assertEquals(model.shape(), loaded.shape());
                for (String name : model.parameters().names()) {
                    assertArrayEquals(model.parameters().array(name).toFloatArray(), loaded.parameters().array(name).toFloatArray(), name);
                }
            }
        }
    }

    @Test
    void rewardsOfAPlanAreThoseOfItsSteps() {
        try (NDManager manager = Compute.newManager(); PlanetModel model = new PlanetModel(manager, Toy.shape(Dynamics.RNN), 1);
                Gradients.Pause pause = Gradients.pause()) {
            LatentDynamics dynamics = model.dynamics();
            // Two lanes with different pasts, three candidates of two steps each.
            LatentState start = dynamics.imagine(dynamics.initial(manager, 2), Noise.normal(manager, new Shape(2, 1), 1), null);
            NDArray actions = Noise.normal(manager, new Shape(2, 2, 3, 1), 2);
            float[] returns = new LatentPlanning(model, start, Imagining.Noise.INDEPENDENT).returns(actions, new long[] {1, 2}).toFloatArray();
            for (int lane = 0; lane < 2; lane++) {
                for (int j = 0; j < 3; j++) {
                    String row = lane + ":" + (lane + 1);
                    LatentState state = new LatentState(start.belief().get(row), null, start.sample().get(row));
                    double sum = 0;
                    for (int t = 0; t < 2; t++) {
                        state = dynamics.imagine(state, actions.get(t, lane, j).reshape(1, 1), null);
                        sum += model.reward(state.features()).toFloatArray()[0];
                    }
                    assertEquals(sum, returns[lane * 3 + j], 1e-5);
                }
            }
            model.parameters().arrays().forEach(array -> assertTrue(Float.isFinite(array.square().sum().toFloatArray()[0])));
        }
    }

    /** Four candidates with the same actions: only their draws can tell them apart. */
    @Test
    void commonNoiseIsTheSameForAllCandidatesAndNoneIsTheMean() {
        try (NDManager manager = Compute.newManager(); PlanetModel model = new PlanetModel(manager, Toy.shape(Dynamics.RSSM), 1);
                Gradients.Pause pause = Gradients.pause()) {
            LatentState start = model.dynamics().initial(manager, 2);
            NDArray actions = Noise.normal(manager, new Shape(3, 2, 1, 1), 2).broadcast(new Shape(3, 2, 4, 1));
            long[] seeds = {1, 2};
            float[] independent = new LatentPlanning(model, start, Imagining.Noise.INDEPENDENT).returns(actions, seeds).toFloatArray();
            float[] common = new LatentPlanning(model, start, Imagining.Noise.COMMON).returns(actions, seeds).toFloatArray();
            float[] none = new LatentPlanning(model, start, Imagining.Noise.NONE).returns(actions, seeds).toFloatArray();
            for (int lane = 0; lane < 2; lane++) {
                assertTrue(Math.abs(independent[4 * lane] - independent[4 * lane + 1]) > 1e-4, Arrays.toString(independent));
                assertEquals(common[4 * lane], common[4 * lane + 3], 1e-6);
                assertTrue(Math.abs(common[4 * lane] - none[4 * lane]) > 1e-4, "something is drawn");
                LatentState state = model.dynamics().initial(manager, 1);
                double sum = 0;
                for (int t = 0; t < 3; t++) {
                    state = model.dynamics().imagine(state, actions.get(t, lane, 0).reshape(1, 1), manager.zeros(new Shape(1, 4)));
                    sum += model.reward(state.features()).toFloatArray()[0];
                }
                assertEquals(sum, none[4 * lane], 1e-5);
            }
        }
    }

    @Test
    void theMeanOfThePosteriorIsActedFromIfThatIsAskedFor() {
        try (NDManager manager = Compute.newManager(); PlanetModel model = new PlanetModel(manager, Toy.shape(Dynamics.RSSM), 1)) {
            for (Imagining.Start start : Imagining.Start.values()) {
                Acting acting = new Acting(Toy.settings().planner(), new Imagining(Imagining.Noise.INDEPENDENT, start), 0);
                try (PlanetPolicy policy = new PlanetPolicy(model, acting, PixelDepth.FIVE_BITS, new MovingDot(1).actionSpace(), 1)) {
                    policy.start(0, new EpisodeJob(0, 1));
                    policy.act(ByteBuffer.allocateDirect(SequenceReplay.FRAME), new boolean[] {true}, new double[1]);
                    boolean isMean = Arrays.equals(policy.state().distribution().mean().toFloatArray(), policy.state().sample().toFloatArray());
                    assertEquals(start == Imagining.Start.MEAN, isMean);
                }
            }
        }
    }

    @Test
    void actingAndLearningLeaveNothingBehind() {
        try (NDManager manager = Compute.newManager(); PlanetModel model = new PlanetModel(manager, Toy.shape(Dynamics.RSSM), 1);
                PlanetOptimiser optimiser = new PlanetOptimiser(model, Toy.settings("planet.overshooting=2", "planet.overshootingWeight=1",
                        "planet.rewardAhead=2", "planet.decoded=0.5", "planet.divergence=BALANCED", "planet.averaging=0.9"), 1);
                PlanetPolicy policy = new PlanetPolicy(model, Toy.settings().acting(0.3), PixelDepth.FIVE_BITS, new MovingDot(1).actionSpace(), 2)) {
            SequenceBatch batch = Toy.batch(3, 2, 1);
            ByteBuffer pictures = ByteBuffer.allocateDirect(2 * SequenceReplay.FRAME);
            policy.start(0, new EpisodeJob(0, 1));
            policy.start(1, new EpisodeJob(0, 2));
            int[] held = new int[4];
            for (int i = 0; i < held.length; i++) {
                optimiser.update(batch, i);
                policy.act(pictures.clear(), new boolean[] {true, true}, new double[2]);
                held[i] = manager.getManagedArrays().size() + model.parameters().manager().getManagedArrays().size();
            }
            assertEquals(held[0], held[3], Arrays.toString(held));
            assertEquals(new Shape(2, 24), policy.state().belief().getShape());
        }
    }
}
