package worldmodels.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;

class TrainingTest {

    @TempDir
    Path folder;

    /** Newton's steps to the root of 2; its state are plain numbers, as a search's are. */
    private static class Root implements Learner {

        double x = 1;
        long steps;
        long interruptAt = -1;
        boolean stopsInMeasure;
        double spoiledAt = -1;

        @Override
        public String work() {
            return "Root";
        }

        @Override
        public String kind() {
            return "Root";
        }

        @Override
        public Map<String, String> settings() {
            return Map.of("of", "2");
        }

        @Override
        public Terms update(long step) {
            Terms terms = Terms.of("error", step == spoiledAt ? Double.NaN : Math.abs(x * x - 2));
            if (step == interruptAt) {
                Thread.currentThread().interrupt();
            }
            x = (x + 2 / x) / 2;
            steps++;
            // Not every step has every term, as where an actor follows its critic.
            return step % 2 == 0 ? terms.loss(x) : terms;
        }

        @Override
        public Terms measure(long step, Terms means) {
            if (stopsInMeasure) {
                stopsInMeasure = false;
                throw new StoppedException("Root");
            }
            return Terms.of("error", -step);
        }

        @Override
        public void save(Checkpoint.Draft draft) {
            draft.put("x", x).put("steps", steps).put("bytes", (byte) 3, (byte) -4);
        }

        @Override
        public void restore(Checkpoint found) {
            x = found.doubles("x")[0];
            steps = found.longs("steps")[0];
            assertArrayEquals(new byte[] {3, -4}, found.bytes("bytes"));
        }

        @Override
        public void close() {}
    }

    private Training training(Root root, String file) {
        return new Training(root, new Training.Rhythm(9, 3, 4), folder.resolve(file));
    }

    @Test
    void aPointHasTheMeansOfEachTermAndWhatWasMeasured() {
        Root root = new Root();
        Training training = training(root, "root");
        assertEquals(3, training.run(Progress.NONE).points().size());
        assertEquals(Math.sqrt(2), root.x, 1e-15);
        // Of the first three steps 0 and 2 have a loss: x is 1.5 and 1.41421568... then.
        assertEquals((1.5 + 577.0 / 408) / 2, training.curve().points().getFirst().training(), 1e-12);
        assertEquals((1 + 0.25 + 1.0 / 144) / 3, training.curve("error").points().getFirst().training(), 1e-12);
        assertEquals(-3, training.curve("error").points().getFirst().validation());
        assertEquals(LearningCurve.of(folder.resolve("root")), training.curve());
    }

    @Test
    void resumesFromAnyStep() throws Exception {
        training(new Root(), "whole").run(Progress.NONE);
        for (int at = 0; at < 8; at++) {
            String file = "stopped " + at;
            Root stopped = new Root();
            stopped.interruptAt = at;
            assertThrows(StoppedException.class, () -> training(stopped, file).run(Progress.NONE));
            Root resumed = new Root();
            Training rest = training(resumed, file);
            assertEquals(at + 1, rest.step());
            rest.run(Progress.NONE);
            assertEquals(9, resumed.steps);
            assertArrayEquals(Files.readAllBytes(folder.resolve("whole")), Files.readAllBytes(folder.resolve(file)));
        }
    }

    @Test
    void aPointThatWasStoppedIsMadeByTheNextRun() throws Exception {
        training(new Root(), "whole").run(Progress.NONE);
        Root stopped = new Root();
        stopped.stopsInMeasure = true;
        assertThrows(StoppedException.class, () -> training(stopped, "stopped").run(Progress.NONE));
        training(new Root(), "stopped").run(Progress.NONE);
        assertArrayEquals(Files.readAllBytes(folder.resolve("whole")), Files.readAllBytes(folder.resolve("stopped")));
    }

    @Test
    void aTermThatIsNotFiniteIsNamedWithItsStepAndTheCheckpointThatIsKept() {
        Root root = new Root();
        root.spoiledAt = 6;
        String message = assertThrows(KitException.class, () -> training(root, "root").run(Progress.NONE)).getMessage();
        assertEquals("Root: the error is NaN at step 6 (the checkpoint of step 4 is kept in " + folder.resolve("root")
                + "); lower the learning rate or check what it learns from.", message);
        assertEquals(4, training(new Root(), "root").step());
        root.x = Double.POSITIVE_INFINITY;
        assertFalse(assertThrows(KitException.class, () -> training(root, "other").save()).getMessage().isEmpty());
        assertFalse(Files.exists(folder.resolve("other")));
    }

    @Test
    void aTermThatRunsAwayIsNamed() {
        String message = assertThrows(KitException.class, () -> Terms.NONE.and("divergence", 2e5, 1e5)).getMessage();
        assertTrue(message.contains("the divergence has run away to 200000"), message);
    }

    @Test
    void anotherRhythmOfPointsIsRefused() {
        training(new Root(), "root").run(Progress.NONE);
        String message = assertThrows(KitException.class,
                () -> new Training(new Root(), new Training.Rhythm(9, 2, 4), folder.resolve("root"))).getMessage();
        assertTrue(message.contains("pointEvery = 3"), message);
    }
}
