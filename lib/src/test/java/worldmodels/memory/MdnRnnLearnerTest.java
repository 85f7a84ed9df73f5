package worldmodels.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.nn.Compute;
import worldmodels.nn.LearningCurve;
import worldmodels.nn.Training;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;

class MdnRnnLearnerTest {

    private static final MdnRnnShape SHAPE = new MdnRnnShape(2, 1, 16, 2, true, true);
    private static final MdnRnnSettings SETTINGS = new MdnRnnSettings(8, 20, 4, 0.01f, 1, 1, 1, 3);

    @TempDir
    Path folder;

    /** Networks this small only wait for a second thread. */
    @BeforeAll
    static void useOneThread() {
        Compute.useThreads(1);
    }

    private final NDManager manager = Compute.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    /** Loss terms and weights over six Adam steps, as recorded by memory/pytorch_case.py. */
    @Test
    void learnsAsPyTorchDoes() throws IOException {
        JsonObject recorded;
        try (InputStreamReader in = new InputStreamReader(MdnRnnLearnerTest.class.getResourceAsStream("/memory/pytorch_case.json"),
                StandardCharsets.UTF_8)) {
            recorded = JsonParser.parseReader(in).getAsJsonObject();
        }
        MdnRnnShape shape = new MdnRnnShape(3, 2, 6, 2, true, true);
        try (MdnRnn model = new MdnRnn(manager, shape, 0)) {
            JsonObject weights = recorded.getAsJsonObject("weights");
            for (String name : model.parameters().names()) {
                NDArray array = model.parameters().array(name);
                model.parameters().set(name, manager.create(floats(weights.getAsJsonArray(name)), array.getShape()));
            }
            MdnRnnSettings settings = new MdnRnnSettings(4, 7, 6, 0.05f, 0.1f, 0.5f, 2, 1);
            try (MdnRnnLearner learner = new MdnRnnLearner(model, recordedEpisodes(recorded), List.of(), settings)) {
                LearningCurve curve = training(learner, "m").run(Progress.NONE);
                JsonArray losses = recorded.getAsJsonArray("losses");
                for (int step = 0; step < losses.size(); step++) {
                    double recordedLoss = losses.get(step).getAsJsonArray().get(3).getAsDouble();
                    assertEquals(recordedLoss, curve.points().get(step).training(), 1e-5, "step " + step);
                }
            }
            JsonObject after = recorded.getAsJsonObject("after");
            for (String name : model.parameters().names()) {
                assertArrayEquals(floats(after.getAsJsonArray(name)), model.parameters().array(name).toFloatArray(), 1e-4f, name);
            }
        }
    }

    @Test
    void resumesBitForBit() throws IOException {
        List<LatentEpisode> episodes = circles(12, 5);
        List<LatentEpisode> unseen = circles(3, 6);
        float[] whole;
        LearningCurve wholeCurve;
        try (MdnRnn model = new MdnRnn(manager, SHAPE, 1);
                MdnRnnLearner learner = new MdnRnnLearner(model, episodes, unseen, SETTINGS)) {
            wholeCurve = training(learner, "whole").run(Progress.NONE);
            whole = weights(model);
        }
        try (MdnRnn model = new MdnRnn(manager, SHAPE, 1);
                MdnRnnLearner learner = new MdnRnnLearner(model, episodes, unseen, SETTINGS)) {
            Training training = training(learner, "halves");
            // In the middle of an epoch: 12 episodes of 2 sequences are 3 batches.
            assertThrows(StoppedException.class, () -> training.run(interruptAt(5)));
            assertEquals(5, training.step());
        }
        try (MdnRnn model = new MdnRnn(manager, SHAPE, 99);
                MdnRnnLearner learner = new MdnRnnLearner(model, episodes, unseen, SETTINGS)) {
            Training training = training(learner, "halves");
            assertEquals(5, training.step());
            assertEquals(wholeCurve, training.run(Progress.NONE));
            assertArrayEquals(whole, weights(model));
        }
        assertArrayEquals(Files.readAllBytes(folder.resolve("whole")), Files.readAllBytes(folder.resolve("halves")));
    }

    /** A point on a circle moves by its action: the next z is nearly certain once the memory has the angle. */
    @Test
    void learnsWhatFollowsFromTheAction() {
        try (MdnRnn model = new MdnRnn(manager, SHAPE, 1);
                MdnRnnLearner learner = new MdnRnnLearner(model, circles(24, 5), circles(4, 6),
                        new MdnRnnSettings(8, 40, 60, 0.01f, 1, 1, 1, 3))) {
            double untrained = learner.validationLoss();
            double trained = training(learner, "m").run(Progress.NONE).last().validation();
            assertTrue(trained < 0 && untrained > 1.5, "from " + untrained + " to " + trained);
        }
    }

    @Test
    void refusesACheckpointOfOtherSettings() {
        MdnRnnSettings other = new MdnRnnSettings(8, 20, 4, 0.02f, 1, 1, 1, 3);
        try (MdnRnn model = new MdnRnn(manager, SHAPE, 1);
                MdnRnnLearner one = new MdnRnnLearner(model, circles(8, 5), List.of(), SETTINGS);
                MdnRnnLearner two = new MdnRnnLearner(model, circles(8, 5), List.of(), other)) {
            training(one, "m").save();
            KitException refused = assertThrows(KitException.class, () -> training(two, "m"));
            assertTrue(refused.getMessage().contains("learningRate"), refused.getMessage());
        }
    }

    @Test
    void namesTheStepAndTermThatIsNotFinite() {
        try (MdnRnn model = new MdnRnn(manager, SHAPE, 1)) {
            float[] bias = new float[SHAPE.outputs()];
            bias[SHAPE.mixtureOutputs()] = Float.NaN;
            model.parameters().set("output.bias", manager.create(bias));
            try (MdnRnnLearner learner = new MdnRnnLearner(model, circles(8, 5), List.of(), SETTINGS)) {
                KitException stopped = assertThrows(KitException.class, () -> training(learner, "m").run(Progress.NONE));
                assertTrue(stopped.getMessage().contains("reward") && stopped.getMessage().contains("step 0"), stopped.getMessage());
                assertFalse(Files.exists(folder.resolve("m")));
            }
        }
    }

    @Test
    void refusesEpisodesOfAnotherVision() {
        try (MdnRnn model = new MdnRnn(manager, new MdnRnnShape(3, 1, 4, 2, false, false), 1)) {
            assertThrows(KitException.class, () -> new MdnRnnLearner(model, circles(2, 5), List.of(), SETTINGS));
        }
        assertThrows(KitException.class, () -> new LatentEpisode(1, new float[] {1, Float.NaN},
                new float[2], new float[2], new float[2], false));
    }

    @Test
    void sequencesCoverEachEpisodeOnceAndPadTheShort() {
        List<LatentEpisode> episodes = List.of(episode(46, 0, false), episode(10, 100, true), episode(21, 200, false));
        LatentSequences sequences = new LatentSequences(episodes, 20, 0, 2, 7);
        assertEquals(2 + 1 + 1, sequences.count());
        double weight = 0;
        for (long step = 0; step < sequences.batchesPerEpoch(); step++) {
            LatentBatch batch = sequences.batch(step);
            assertEquals(20, batch.steps());
            assertEquals(2, batch.batch());
            weight += batch.weightSum();
            for (int t = 0; t < 20; t++) {
                for (int lane = 0; lane < 2; lane++) {
                    if (batch.weight()[t * 2 + lane] == 1) {
                        float now = batch.mean()[t * 2 + lane];
                        assertEquals(now + 1, batch.mean()[(t + 1) * 2 + lane], "frames follow one another");
                        assertEquals(now, batch.action()[t * 2 + lane], "the action of the frame that goes in");
                        assertEquals(now, batch.reward()[t * 2 + lane]);
                    }
                }
            }
        }
        assertEquals(20 + 20 + 9 + 20, weight);
        assertEquals(9 + 1, sequences.all().stream().flatMap(b -> headWeights(b).stream())
                .filter(sum -> sum < 20).findFirst().orElseThrow());
        assertArrayEquals(sequences.batch(3).mean(), new LatentSequences(episodes, 20, 0, 2, 7).batch(3).mean());
        assertFalse(Arrays.equals(sequences.batch(0).mean(), sequences.batch(2).mean())
                && Arrays.equals(sequences.batch(1).mean(), sequences.batch(3).mean()));
    }

    /** What a memory of nothing says in the middle of an episode is not held against M; every step counts in some sequence with a memory filled. */
    @Test
    void afterAnEpisodesBeginningTheMemoryIsFilledFirst() {
        LatentSequences sequences = new LatentSequences(List.of(episode(72, 0, true)), 20, 8, 1, 7);
        // 72 steps: from 0, then three more that end at 72, each at most 12 after the one before.
        assertEquals(6, sequences.count());
        int[] counted = new int[72];
        for (long step = 0; step < sequences.batchesPerEpoch(); step++) {
            LatentBatch batch = sequences.batch(step);
            int first = (int) batch.mean()[0];
            for (int t = 0; t < 20; t++) {
                boolean counts = first == 0 || t >= 8;
                assertEquals(counts ? 1 : 0, batch.headWeight()[t], "step " + t + " from " + first);
                assertEquals(counts && first + t + 1 < 72 ? 1 : 0, batch.weight()[t]);
                counted[first + t] += counts ? 1 : 0;
            }
        }
        assertTrue(Arrays.stream(counted).allMatch(times -> times >= 1), Arrays.toString(counted));
        assertThrows(KitException.class, () -> new LatentSequences(List.of(episode(72, 0, true)), 20, 20, 1, 7));
    }

    /** With no noise two draws of z are the same; with V's own they are not. */
    @Test
    void theNoiseOnZIsBounded() {
        LatentBatch batch = new LatentSequences(circles(4, 5), 20, 0, 4, 1).batch(0);
        try (MdnRnn model = new MdnRnn(manager, SHAPE, 1)) {
            double[] still = losses(model, batch, 0);
            double[] noisy = losses(model, batch, Float.POSITIVE_INFINITY);
            assertEquals(still[0], still[1]);
            assertTrue(Math.abs(noisy[0] - noisy[1]) > 1e-6, Arrays.toString(noisy));
        }
    }

    private double[] losses(MdnRnn model, LatentBatch batch, float deviation) {
        MdnRnnSettings settings = new MdnRnnSettings(8, 20, 4, 0.01f, 1, 1, 1, 3, 0, 1, deviation, 0);
        return new double[] {MdnRnnLoss.of(model, manager, batch, settings, 1).total(), MdnRnnLoss.of(model, manager, batch, settings, 2).total()};
    }

    @Test
    void stretchesOfZAreLeftOutAndTheRestIsShown() {
        float[] none = {};
        LatentBatch batch = new LatentBatch(2000, 10, none, none, none, none, none, none, none);
        float[] shown = MdnRnnLoss.shown(batch, 0.6, 9);
        double seen = 0;
        int stretches = 0;
        for (int lane = 0; lane < batch.batch(); lane++) {
            assertEquals(1, shown[lane], "each sequence begins with what is seen");
            for (int t = 0; t < batch.steps(); t++) {
                float now = shown[t * batch.batch() + lane];
                assertTrue(now == 0 || now == 1);
                seen += now;
                stretches += t > 0 && now < shown[(t - 1) * batch.batch() + lane] ? 1 : 0;
            }
        }
        double unseen = shown.length - seen;
        assertEquals(0.6, unseen / shown.length, 0.03, "of 20,000 steps in stretches of ten: a standard error of 0.011");
        assertEquals(MdnRnnLoss.STRETCH, unseen / stretches, 1, "of some 1,200 stretches: a standard error of 0.3");
        assertArrayEquals(shown, MdnRnnLoss.shown(batch, 0.6, 9));
    }

    @Test
    void whatIsNotShownIsPredictedAllTheSame() {
        LatentBatch batch = new LatentSequences(circles(4, 40), 40, 0, 4, 1).batch(0);
        MdnRnnSettings blind = new MdnRnnSettings(8, 40, 4, 0.01f, 1, 1, 1, 3, 0, 1, 0, 0.9f);
        float[] shown = MdnRnnLoss.shown(batch, 0.9, 5);
        try (MdnRnn model = new MdnRnn(manager, SHAPE, 1)) {
            float[] mean = batch.mean().clone();
            int latent = SHAPE.latent();
            // The last frame that goes in, of a lane that does not see it: it is predicted, but changes nothing that comes after.
            int lane = 0;
            int last = batch.steps() - 1;
            while (shown[last * batch.batch() + lane] != 0) {
                lane++;
            }
            MdnRnnLoss before = MdnRnnLoss.of(model, manager, batch, blind, 5);
            float[] outputs = before.outputs().toFloatArray();
            Arrays.fill(mean, (last * batch.batch() + lane) * latent, (last * batch.batch() + lane + 1) * latent, 3);
            LatentBatch other = new LatentBatch(batch.steps(), batch.batch(), mean, batch.logVariance(), batch.action(), batch.reward(), batch.end(), batch.weight(),
                    batch.headWeight());
            MdnRnnLoss after = MdnRnnLoss.of(model, manager, other, blind, 5);
            assertArrayEquals(outputs, after.outputs().toFloatArray());
            assertTrue(after.likelihood() > before.likelihood() + 0.001, "it is a target");
            assertFalse(Arrays.equals(outputs, MdnRnnLoss.of(model, manager, other, SETTINGS, 5).outputs().toFloatArray()));
        }
    }

    @Test
    void theRateFallsEvenlyToItsShare() {
        MdnRnnSettings falling = new MdnRnnSettings(8, 20, 4, 0.01f, 1, 1, 1, 3, 0, 0.1f, 1, 0);
        assertEquals(0.01f, falling.rate(0, 101), 1e-9);
        assertEquals(0.0055f, falling.rate(50, 101), 1e-8);
        assertEquals(0.001f, falling.rate(100, 101), 1e-9);
        assertEquals(0.01f, SETTINGS.rate(100, 101));
        assertThrows(KitException.class, () -> new MdnRnnSettings(8, 20, 4, 0.01f, 1, 1, 1, 3, 20, 1, 1, 0));
        assertThrows(KitException.class, () -> new MdnRnnSettings(8, 20, 4, 0.01f, 1, 1, 1, 3, 0, 0, 1, 0));
        assertThrows(KitException.class, () -> new MdnRnnSettings(8, 20, 4, 0.01f, 1, 1, 1, 3, 0, 1, 1, 0.95f));
    }

    @Test
    void aFallingRateLearnsOtherWeightsAndMayNotBeLengthened() {
        MdnRnnSettings falling = new MdnRnnSettings(8, 20, 4, 0.01f, 1, 1, 1, 3, 0, 0.1f, Float.POSITIVE_INFINITY, 0);
        MdnRnnSettings longer = new MdnRnnSettings(8, 20, 5, 0.01f, 1, 1, 1, 3, 0, 0.1f, Float.POSITIVE_INFINITY, 0);
        List<float[]> learned = new ArrayList<>();
        for (MdnRnnSettings settings : List.of(SETTINGS, falling)) {
            try (MdnRnn model = new MdnRnn(manager, SHAPE, 1); MdnRnnLearner learner = new MdnRnnLearner(model, circles(8, 5), List.of(), settings)) {
                training(learner, "m" + learned.size()).run(Progress.NONE);
                learned.add(weights(model));
            }
        }
        assertFalse(Arrays.equals(learned.get(0), learned.get(1)));
        try (MdnRnn model = new MdnRnn(manager, SHAPE, 1); MdnRnnLearner learner = new MdnRnnLearner(model, circles(8, 5), List.of(), longer)) {
            KitException refused = assertThrows(KitException.class, () -> training(learner, "m1"));
            assertTrue(refused.getMessage().contains("epochs"), refused.getMessage());
        }
    }

    private static List<Integer> headWeights(LatentBatch batch) {
        List<Integer> sums = new ArrayList<>();
        for (int lane = 0; lane < batch.batch(); lane++) {
            int sum = 0;
            for (int t = 0; t < batch.steps(); t++) {
                sum += (int) batch.headWeight()[t * batch.batch() + lane];
            }
            sums.add(sum);
        }
        return sums;
    }

    /** One latent that counts frames up from a number; action and reward are the same number. */
    private static LatentEpisode episode(int frames, int from, boolean terminated) {
        float[] counting = new float[frames];
        for (int i = 0; i < frames; i++) {
            counting[i] = from + i;
        }
        return new LatentEpisode(1, counting, new float[frames], counting, counting, terminated);
    }

    private static List<LatentEpisode> circles(int count, long seed) {
        Pcg64 random = Pcg64.seeded(seed);
        List<LatentEpisode> episodes = new ArrayList<>();
        for (int e = 0; e < count; e++) {
            int frames = 41;
            float[] mean = new float[2 * frames];
            float[] logVariance = new float[2 * frames];
            Arrays.fill(logVariance, -6);
            float[] action = new float[frames];
            float[] reward = new float[frames];
            double angle = random.uniform(0, 6);
            for (int t = 0; t < frames; t++) {
                mean[2 * t] = (float) Math.cos(angle);
                mean[2 * t + 1] = (float) Math.sin(angle);
                action[t] = (float) random.uniform(-1, 1);
                reward[t] = action[t] > 0 ? 1 : 0;
                angle += action[t];
            }
            episodes.add(new LatentEpisode(2, mean, logVariance, action, reward, e % 2 == 0));
        }
        return episodes;
    }

    private static List<LatentEpisode> recordedEpisodes(JsonObject recorded) {
        float[] z = floats(recorded.getAsJsonArray("z"));
        float[] action = floats(recorded.getAsJsonArray("action"));
        float[] reward = floats(recorded.getAsJsonArray("reward"));
        float[] end = floats(recorded.getAsJsonArray("end"));
        List<LatentEpisode> episodes = new ArrayList<>();
        for (int lane = 0; lane < 4; lane++) {
            boolean ends = end[6 * 4 + lane] == 1;
            int frames = ends ? 7 : 8;
            float[] means = new float[frames * 3];
            float[] logVariances = new float[frames * 3];
            Arrays.fill(logVariances, -60);
            float[] actions = new float[frames * 2];
            float[] rewards = new float[frames];
            for (int t = 0; t < frames; t++) {
                System.arraycopy(z, (t * 4 + lane) * 3, means, t * 3, 3);
                if (t < 7) {
                    System.arraycopy(action, (t * 4 + lane) * 2, actions, t * 2, 2);
                    rewards[t] = reward[t * 4 + lane];
                }
            }
            episodes.add(new LatentEpisode(3, means, logVariances, actions, rewards, ends));
        }
        return episodes;
    }

    private Training training(MdnRnnLearner learner, String file) {
        return new Training(learner, learner.rhythm(), folder.resolve(file));
    }

    private static float[] weights(MdnRnn model) {
        List<float[]> all = model.parameters().names().stream().map(name -> model.parameters().array(name).toFloatArray()).toList();
        float[] joined = new float[(int) model.parameters().count()];
        int at = 0;
        for (float[] part : all) {
            System.arraycopy(part, 0, joined, at, part.length);
            at += part.length;
        }
        return joined;
    }

    private static float[] floats(JsonArray numbers) {
        float[] values = new float[numbers.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = numbers.get(i).getAsFloat();
        }
        return values;
    }

    /** Interrupts its own thread, as a kernel's stop button does. */
    private static Progress interruptAt(long step) {
        return Progress.ofPart((completed, note) -> {
            if (completed == step) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
