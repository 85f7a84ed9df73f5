package worldmodels.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
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
        long stopsInMeasureFrom = Long.MAX_VALUE;
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
            if (step >= stopsInMeasureFrom) {
                throw new StoppedException("Root");
            }
            return Terms.of("error", -step).and("measured alone", step);
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
        assertEquals(3, training.curve("measured alone").points().getFirst().validation());
        assertTrue(Double.isNaN(training.curve("measured alone").points().getFirst().training()));
        assertEquals(LearningCurve.of(folder.resolve("root")), training.curve());
    }

    @Test
    void leavesWhatTheModelIsUsedByAlone() {
        Path training = folder.resolve("training");
        Path trained = folder.resolve("trained");
        Training.Rhythm rhythm = new Training.Rhythm(9, 3, 4);
        Root stopped = new Root();
        stopped.interruptAt = 5;
        assertThrows(StoppedException.class, () -> Training.throughout(() -> stopped, rhythm, training, trained, Progress.NONE));
        Thread.interrupted();
        assertFalse(Files.exists(trained), "nothing is called trained before its time");
        Root rest = new Root();
        Training.throughout(() -> rest, rhythm, training, trained, Progress.NONE);
        assertEquals(9, rest.steps);
        assertEquals(rest.x, Checkpoint.read(trained).doubles("x")[0]);
        assertFalse(Files.exists(training));
        Training.throughout(() -> {
            throw new AssertionError("there is nothing left to learn");
        }, rhythm, training, trained, Progress.NONE);
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
        // The last point follows the last step, after which nothing else would be saved.
        for (long from : new long[] {3, 9}) {
            String file = "stopped " + from;
            Root stopped = new Root();
            stopped.stopsInMeasureFrom = from;
            assertThrows(StoppedException.class, () -> training(stopped, file).run(Progress.NONE));
            training(new Root(), file).run(Progress.NONE);
            assertArrayEquals(Files.readAllBytes(folder.resolve("whole")), Files.readAllBytes(folder.resolve(file)));
        }
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

    /** A generator g and a critic c, each with an optimiser of its own: c is taught to tell g from 2, g to make that hard. */
    private static final class Adversaries implements Learner {

        private final Parameters generator;
        private final Parameters critic;
        private final Optimiser generating;
        private final Optimiser criticising;
        long interruptAt = -1;

        Adversaries(NDManager manager) {
            generator = new Parameters(manager);
            critic = new Parameters(manager);
            new Layers(generator, 1).in("generator").zeros("w", 1);
            new Layers(critic, 1).in("critic").constant("w", 0.5f, 1);
            generating = new Adam(generator, 0.05f).of("generator");
            criticising = new Adam(critic, 0.1f).of("critic");
        }

        @Override
        public String work() {
            return "Adversaries";
        }

        @Override
        public String kind() {
            return "Adversaries";
        }

        @Override
        public Map<String, String> settings() {
            return Map.of();
        }

        @Override
        public Terms update(long step) {
            Terms terms = Terms.of("critic", step(critic, criticising, -1));
            if (step == interruptAt) {
                Thread.currentThread().interrupt();
            }
            return step % 2 == 0 ? terms : terms.and("generator", step(generator, generating, 1));
        }

        /** One step on ± (c (g - 2) - c² / 2). */
        private double step(Parameters moved, Optimiser optimiser, int sign) {
            try (NDManager scope = moved.manager().newSubManager(); Gradients.Tape tape = Gradients.record()) {
                generator.lendTo(scope);
                critic.lendTo(scope);
                NDArray c = critic.array("critic.w");
                NDArray value = c.mul(generator.array("generator.w").sub(2)).sub(TorchOps.times(c.square(), 0.5)).sum();
                NDArray loss = TorchOps.times(value, sign);
                tape.backward(loss);
                optimiser.step();
                generator.zeroGradients();
                critic.zeroGradients();
                return loss.toFloatArray()[0];
            }
        }

        @Override
        public void save(Checkpoint.Draft draft) {
            draft.put(generator).put(critic).put(generating).put(criticising);
        }

        @Override
        public void restore(Checkpoint found) {
            found.copyInto(generator);
            found.copyInto(critic);
            generating.restore(found);
            criticising.restore(found);
        }

        @Override
        public void close() {
            generating.close();
            criticising.close();
        }
    }

    @Test
    void aLearnerWithSeveralOptimisersResumesBitForBit() throws Exception {
        try (NDManager manager = Compute.newManager(); Adversaries whole = new Adversaries(manager); Adversaries stopped = new Adversaries(manager);
                Adversaries resumed = new Adversaries(manager)) {
            Training.Rhythm rhythm = new Training.Rhythm(300, 50, 100);
            new Training(whole, rhythm, folder.resolve("whole")).run(Progress.NONE);
            assertEquals(2, whole.generator.array("generator.w").toFloatArray()[0], 0.5);
            stopped.interruptAt = 140;
            assertThrows(StoppedException.class, () -> new Training(stopped, rhythm, folder.resolve("resumed")).run(Progress.NONE));
            Training rest = new Training(resumed, rhythm, folder.resolve("resumed"));
            assertEquals(141, rest.step());
            rest.run(Progress.NONE);
            assertArrayEquals(Files.readAllBytes(folder.resolve("whole")), Files.readAllBytes(folder.resolve("resumed")));
        }
    }
}
