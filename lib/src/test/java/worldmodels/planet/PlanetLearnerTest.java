package worldmodels.planet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.data.EpisodeStore;
import worldmodels.env.carracing.CarRacing;
import worldmodels.nn.Compute;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;

class PlanetLearnerTest {

    private static final PlanetSettings SETTINGS = collecting(3, 2);
    private static final int EPISODES = 4;

    @TempDir
    Path folder;

    @Test
    void countsEpisodesStepsAndUpdates() {
        LearningLog log = learn(folder, SETTINGS, EPISODES, Progress.NONE).log();
        assertEquals(List.of(3, 4), log.rows().stream().map(LearningLog.Row::episodes).toList());
        // Six steps an episode, each action repeated twice.
        assertEquals(List.of(36L, 48L), log.rows().stream().map(LearningLog.Row::environmentSteps).toList());
        assertEquals(List.of(3L, 6L), log.rows().stream().map(LearningLog.Row::updates).toList());
        assertEquals(2, log.rows().get(1).tests().length);
        assertEquals(0, log.rows().get(0).tests().length);
        assertEquals(log.toCsv(), PlanetLearner.log(folder).toCsv());
        assertEquals(log.toCsv(), LearningLog.parse(log.toCsv()).toCsv());
    }

    @Test
    void resumesBitForBit() {
        Learned whole = learn(folder.resolve("whole"), SETTINGS, EPISODES, Progress.NONE);
        Path parts = folder.resolve("parts");
        // Interrupted within the updates of an episode, and once more after the next episode was collected.
        assertThrows(StoppedException.class, () -> learn(parts, SETTINGS, EPISODES, interruptingAt(1)));
        assertThrows(StoppedException.class, () -> learn(parts, SETTINGS, EPISODES, interruptingAt(4)));
        same(whole, learn(parts, SETTINGS, EPISODES, Progress.NONE));
    }

    /** All named settings at once: what each adds to the state of a training is in its checkpoint. */
    @Test
    void resumesBitForBitWithEveryNamedSetting() {
        PlanetSettings all = Toy.settings("planet.batch=3", "planet.chunk=4", "planet.seedEpisodes=2", "planet.updates=3", "planet.testEvery=2",
                "planet.testEpisodes=2", "planet.divergence=BALANCED", "planet.decoded=0.25", "planet.rewardAhead=2", "planet.averaging=0.8",
                "planet.shifted=true", "planet.imaginedNoise=COMMON", "planet.imaginedFrom=MEAN");
        Learned whole = learn(folder.resolve("whole"), all, EPISODES, Progress.NONE);
        Path parts = folder.resolve("parts");
        assertThrows(StoppedException.class, () -> learn(parts, all, EPISODES, interruptingAt(1)));
        assertThrows(StoppedException.class, () -> learn(parts, all, EPISODES, interruptingAt(4)));
        same(whole, learn(parts, all, EPISODES, Progress.NONE));
        try (NDManager manager = Compute.newManager(); PlanetModel one = PlanetModel.load(manager, PlanetLearner.checkpoint(folder.resolve("whole")));
                PlanetModel other = PlanetModel.load(manager, PlanetLearner.checkpoint(parts))) {
            one.parameters().named().forEach((name, array) -> assertArrayEquals(array.toFloatArray(), other.parameters().array(name).toFloatArray(), name));
            assertFalse(Arrays.equals(whole.weights().get("reward.output.weight"), one.parameters().array("reward.output.weight").toFloatArray()),
                    "what is loaded for acting is the mean of the weights");
        }
    }

    /** With d = min(0.9, (1 + n) / (10 + n)) before update n: 1/10, 2/11, 3/12. */
    @Test
    void whatActsIsTheMeanOfTheWeights() {
        PlanetSettings settings = Toy.settings("planet.averaging=0.9");
        try (NDManager manager = Compute.newManager(); PlanetModel model = new PlanetModel(manager, Toy.shape(Dynamics.RSSM), 1);
                PlanetOptimiser optimiser = new PlanetOptimiser(model, settings, 1)) {
            double mean = first(model);
            for (int n = 0; n < 3; n++) {
                optimiser.update(Toy.batch(3, 2, n), n);
                double kept = (1.0 + n) / (10 + n);
                mean = kept * mean + (1 - kept) * first(model);
                assertEquals(mean, first(optimiser.acting()), 1e-6);
            }
            assertNotEquals(first(model), first(optimiser.acting()));
        }
    }

    private static double first(PlanetModel model) {
        return model.parameters().array("decoder.deconv4.weight").toFloatArray()[0];
    }

    @Test
    void killedRunLosesTheWorkSinceItsCheckpointOnly() throws IOException {
        PlanetSettings always = collecting(3, 1);
        Learned whole = learn(folder.resolve("whole"), always, EPISODES, Progress.NONE);
        Path killed = folder.resolve("killed");
        learn(killed, always, EPISODES - 1, Progress.NONE);
        byte[] checkpoint = Files.readAllBytes(PlanetLearner.checkpoint(killed));
        learn(killed, always, EPISODES, Progress.NONE);
        // As if the process had died after the last episode was written and before its checkpoint was.
        Files.write(PlanetLearner.checkpoint(killed), checkpoint);
        same(whole, learn(killed, always, EPISODES, Progress.NONE));
    }

    @Test
    void notANumberStopsAndKeepsTheCheckpoint() throws IOException {
        Map<String, byte[]> before = new LinkedHashMap<>();
        KitException thrown = assertThrows(KitException.class, () -> {
            try (NDManager manager = Compute.newManager(); PlanetModel model = new PlanetModel(manager, Toy.shape(Dynamics.RSSM), 1);
                    PlanetLearner learner = learner(model, folder, SETTINGS, EPISODES)) {
                learner.run(new At(3, () -> {
                    before.put("checkpoint", read(PlanetLearner.checkpoint(folder)));
                    model.parameters().set("reward.output.bias", manager.create(new float[] {Float.NaN}));
                }));
            }
        });
        assertTrue(thrown.getMessage().contains("the squared error of the rewards is NaN at step 3"), thrown.getMessage());
        assertArrayEquals(before.get("checkpoint"), Files.readAllBytes(PlanetLearner.checkpoint(folder)));
    }

    @Test
    void refusesTheCheckpointOfOtherSettingsAndForeignEpisodes() throws IOException {
        learn(folder, collecting(1, 2), 3, Progress.NONE);
        assertThrows(KitException.class, () -> learn(folder, collecting(2, 2), 3, Progress.NONE));
        Path manifest = folder.resolve("episodes").resolve("manifest.csv");
        Files.writeString(manifest, Files.readString(manifest).lines().limit(2).reduce("", (a, b) -> a + b + "\n"));
        KitException thrown = assertThrows(KitException.class, () -> learn(folder, collecting(1, 2), 3, Progress.NONE));
        assertTrue(thrown.getMessage().contains("are not the 3 that"), thrown.getMessage());
    }

    @Test
    void learnsATaskOfOnesOwn() {
        PlanetSettings settings = Toy.settings("planet.batch=2", "planet.chunk=4", "planet.seedEpisodes=1", "planet.updates=2", "planet.testEpisodes=0",
                "planet.candidates=10", "planet.elites=2");
        PixelTask driving = new CarRacingPixels(4, 40);
        PlanetShape shape = new PlanetShape(Dynamics.RSSM, driving.actions().size(), Toy.shape(Dynamics.RSSM).sizes());
        try (NDManager manager = Compute.newManager(); PlanetModel model = new PlanetModel(manager, shape, 1);
                PlanetLearner learner = new PlanetLearner(model, driving, settings, 3, 1, folder, 1)) {
            LearningLog log = learner.run(Progress.NONE);
            assertEquals(List.of(80L, 120L), log.rows().stream().map(LearningLog.Row::environmentSteps).toList());
            EpisodeStore store = new EpisodeStore(folder.resolve("episodes"));
            float[] actions = store.read(store.own().getLast()).actions();
            assertEquals(10 * 3, actions.length);
            for (int i = 0; i < actions.length; i++) {
                assertTrue(actions[i] >= CarRacing.ACTIONS.low(i % 3) && actions[i] <= 1, "within its bounds: " + actions[i]);
            }
            assertNotEquals(actions[0], actions[3], "each decision steers anew");
        }
    }

    @Test
    void refusesToLearnFromRandomEpisodesAlone() {
        KitException thrown = assertThrows(KitException.class, () -> learn(folder, SETTINGS, 2, Progress.NONE));
        assertTrue(thrown.getMessage().contains("raise planet.episodes"), thrown.getMessage());
    }

    @Test
    @Tag("slow")
    void learnsToMoveTheDotToItsGoal() {
        PlanetSettings settings = Toy.settings("planet.learningRate=0.003", "planet.seedEpisodes=6", "planet.updates=60", "planet.testEvery=8",
                "planet.testEpisodes=6");
        try (NDManager manager = Compute.newManager(); PlanetModel model = new PlanetModel(manager, Toy.shape(Dynamics.RSSM), 1);
                PlanetLearner learner = new PlanetLearner(model, Toy.task(16), settings, 14, 1, folder, 1)) {
            LearningLog log = learner.run(Progress.NONE);
            LearningLog.Row first = log.rows().getFirst();
            LearningLog.Row last = log.rows().getLast();
            assertTrue(last.losses().observation() < first.losses().observation() / 3, log.toCsv());
            assertTrue(last.losses().reward() < first.losses().reward() / 3, log.toCsv());
            double most = log.rows().stream().mapToDouble(row -> row.losses().divergence()).max().orElseThrow();
            assertTrue(last.losses().divergence() < most, log.toCsv());
            // 16 is the most that 16 steps can bring, about 7 what chance brings.
            assertTrue(last.testMean() > 13, log.toCsv());
        }
    }

    private record Learned(LearningLog log, Map<String, float[]> weights) {}

    private static PlanetSettings collecting(int updates, int testEvery) {
        return Toy.settings("planet.batch=3", "planet.chunk=4", "planet.seedEpisodes=2", "planet.updates=" + updates, "planet.testEvery=" + testEvery,
                "planet.testEpisodes=2");
    }

    private static Learned learn(Path folder, PlanetSettings settings, int episodes, Progress progress) {
        try (NDManager manager = Compute.newManager(); PlanetModel model = new PlanetModel(manager, Toy.shape(Dynamics.RSSM), 1);
                PlanetLearner learner = learner(model, folder, settings, episodes)) {
            LearningLog log = learner.run(progress);
            Map<String, float[]> weights = new LinkedHashMap<>();
            model.parameters().named().forEach((name, array) -> weights.put(name, array.toFloatArray()));
            return new Learned(log, weights);
        }
    }

    private static PlanetLearner learner(PlanetModel model, Path folder, PlanetSettings settings, int episodes) {
        return new PlanetLearner(model, Toy.task(6), settings, episodes, 1, folder, 1);
    }

    private static void same(Learned expected, Learned actual) {
        assertEquals(expected.log().toCsv(), actual.log().toCsv());
        expected.weights().forEach((name, values) -> assertTrue(Arrays.equals(values, actual.weights().get(name)), name));
    }

    private static Progress interruptingAt(long step) {
        return new At(step, Thread.currentThread()::interrupt);
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Does something after a step. */
    private record At(long step, Runnable then) implements Progress {

        @Override
        public void start(String work, long total, String unit) {}

        @Override
        public void at(long completed, String said) {
            if (completed == step) {
                then.run();
            }
        }

        @Override
        public void done(String said) {}
    }
}
