package worldmodels.planet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import worldmodels.nn.Compute;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;

class PlanetLearningTest {

    private static final PlanetLearning.Rhythm SHORT = new PlanetLearning.Rhythm(2, 4, 3, 0.3, 2, 2);
    private static final PlanetSettings SETTINGS = Toy.settings().withBatches(3, 4);

    @TempDir
    Path folder;

    @Test
    void countsEpisodesStepsAndUpdates() {
        LearningLog log = learn(folder, SHORT, Progress.NONE).log();
        assertEquals(List.of(3, 4), log.rows().stream().map(LearningLog.Row::episodes).toList());
        // Six steps an episode, each action repeated twice.
        assertEquals(List.of(36L, 48L), log.rows().stream().map(LearningLog.Row::environmentSteps).toList());
        assertEquals(List.of(3L, 6L), log.rows().stream().map(LearningLog.Row::updates).toList());
        assertEquals(2, log.rows().get(1).tests().length);
        assertEquals(0, log.rows().get(0).tests().length);
        assertEquals(log.toCsv(), PlanetLearning.log(folder).toCsv());
        assertEquals(log.toCsv(), LearningLog.parse(log.toCsv()).toCsv());
    }

    @Test
    void resumesBitForBit() {
        Learned whole = learn(folder.resolve("whole"), SHORT, Progress.NONE);
        Path parts = folder.resolve("parts");
        // Interrupted within the updates of an episode, and once more after the next episode was collected.
        assertThrows(StoppedException.class, () -> learn(parts, SHORT, interruptingAt("update 2 of 3")));
        assertThrows(StoppedException.class, () -> learn(parts, SHORT, interruptingAt("update 4 of 6")));
        same(whole, learn(parts, SHORT, Progress.NONE));
    }

    @Test
    void killedRunLosesTheWorkSinceItsCheckpointOnly() throws IOException {
        PlanetLearning.Rhythm always = new PlanetLearning.Rhythm(2, 4, 3, 0.3, 1, 2);
        Learned whole = learn(folder.resolve("whole"), always, Progress.NONE);
        Path killed = folder.resolve("killed");
        learn(killed, new PlanetLearning.Rhythm(2, 3, 3, 0.3, 1, 2), Progress.NONE);
        byte[] checkpoint = Files.readAllBytes(PlanetLearning.checkpoint(killed));
        learn(killed, always, Progress.NONE);
        // As if the process had died after the last episode was written and before its checkpoint was.
        Files.write(PlanetLearning.checkpoint(killed), checkpoint);
        same(whole, learn(killed, always, Progress.NONE));
    }

    @Test
    void notANumberStopsAndKeepsTheCheckpoint() throws IOException {
        Map<String, byte[]> before = new LinkedHashMap<>();
        KitException thrown = assertThrows(KitException.class, () -> {
            try (NDManager manager = Compute.newManager(); PlanetModel model = new PlanetModel(manager, Toy.shape(Dynamics.RSSM), 1);
                    PlanetLearning learning = learning(model, folder, SHORT)) {
                learning.run(new At("update 4 of 6", () -> {
                    before.put("checkpoint", read(PlanetLearning.checkpoint(folder)));
                    model.parameters().set("reward.output.bias", manager.create(new float[] {Float.NaN}));
                }));
            }
        });
        assertTrue(thrown.getMessage().startsWith("The squared error of the rewards is NaN at update 4"), thrown.getMessage());
        assertArrayEquals(before.get("checkpoint"), Files.readAllBytes(PlanetLearning.checkpoint(folder)));
    }

    @Test
    void refusesTheCheckpointOfOtherSettingsAndForeignEpisodes() throws IOException {
        learn(folder, new PlanetLearning.Rhythm(2, 3, 1, 0.3, 2, 1), Progress.NONE);
        assertThrows(KitException.class, () -> learn(folder, new PlanetLearning.Rhythm(2, 3, 2, 0.3, 2, 1), Progress.NONE));
        Path manifest = folder.resolve("episodes").resolve("manifest.csv");
        Files.writeString(manifest, Files.readString(manifest).lines().limit(2).reduce("", (a, b) -> a + b + "\n"));
        KitException thrown = assertThrows(KitException.class, () -> learn(folder, new PlanetLearning.Rhythm(2, 3, 1, 0.3, 2, 1), Progress.NONE));
        assertTrue(thrown.getMessage().contains("are not the 3 that"), thrown.getMessage());
    }

    @Test
    @Tag("slow")
    void learnsToMoveTheDotToItsGoal() {
        PlanetSettings settings = Toy.settings().withLearningRate(3e-3);
        PlanetLearning.Rhythm rhythm = new PlanetLearning.Rhythm(6, 14, 60, 0.3, 8, 6);
        try (NDManager manager = Compute.newManager(); PlanetModel model = new PlanetModel(manager, Toy.shape(Dynamics.RSSM), 1);
                PlanetLearning learning = new PlanetLearning(model, Toy.task(16), settings, rhythm, Toy.planner(), folder, 1)) {
            LearningLog log = learning.run(Progress.NONE);
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

    private static Learned learn(Path folder, PlanetLearning.Rhythm rhythm, Progress progress) {
        try (NDManager manager = Compute.newManager(); PlanetModel model = new PlanetModel(manager, Toy.shape(Dynamics.RSSM), 1);
                PlanetLearning learning = learning(model, folder, rhythm)) {
            LearningLog log = learning.run(progress);
            Map<String, float[]> weights = new LinkedHashMap<>();
            model.parameters().named().forEach((name, array) -> weights.put(name, array.toFloatArray()));
            return new Learned(log, weights);
        }
    }

    private static PlanetLearning learning(PlanetModel model, Path folder, PlanetLearning.Rhythm rhythm) {
        return new PlanetLearning(model, Toy.task(6), SETTINGS, rhythm, Toy.planner(), folder, 1);
    }

    private static void same(Learned expected, Learned actual) {
        assertEquals(expected.log().toCsv(), actual.log().toCsv());
        expected.weights().forEach((name, values) -> assertTrue(Arrays.equals(values, actual.weights().get(name)), name));
    }

    private static Progress interruptingAt(String note) {
        return new At(note, Thread.currentThread()::interrupt);
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Does something where the progress says so. */
    private record At(String note, Runnable then) implements Progress {

        @Override
        public void start(String work, long total, String unit) {}

        @Override
        public void at(long completed, String said) {
            if (said.startsWith(note)) {
                then.run();
            }
        }

        @Override
        public void done(String said) {}
    }
}
