package worldmodels.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageTest {

    @TempDir
    Path work;

    @Test
    void theKeyDependsOnEverySettingAndInput() {
        Stage rollouts = new Stage(work, "rollouts", Map.of("seed", "1"), List.of());
        Stage vision = new Stage(work, "vision", Map.of("vision.latent", "32"), List.of(rollouts));
        assertEquals(vision.key(), new Stage(work, "vision", Map.of("vision.latent", "32"), List.of(rollouts)).key());
        assertNotEquals(vision.key(), new Stage(work, "vision", Map.of("vision.latent", "64"), List.of(rollouts)).key());
        Stage others = new Stage(work, "rollouts", Map.of("seed", "2"), List.of());
        assertNotEquals(vision.key(), new Stage(work, "vision", Map.of("vision.latent", "32"), List.of(others)).key());
    }

    @Test
    void aFinishedStageIsLoadedNotRunAgain() {
        AtomicInteger runs = new AtomicInteger();
        Stage stage = new Stage(work, "vision", Map.of(), List.of());
        Stage.Work body = folder -> Map.of("run", String.valueOf(runs.incrementAndGet()));
        stage.complete(body);
        Stage again = new Stage(work, "vision", Map.of(), List.of()).complete(body);
        assertEquals("1", again.facts().get("run"));
        assertTrue(again.seconds() > 0);
    }

    @Test
    void aFinishedStageTellsWhichMachineFinishedIt() {
        Stage stage = new Stage(work, "vision", Map.of(), List.of()).complete(folder -> Map.of());
        String machine = stage.machine().orElseThrow();
        assertTrue(machine.startsWith(Processor.here().toString()), machine);
        Thread.currentThread().interrupt();
        assertTrue(machine.startsWith(Processor.here().toString()), "also on a thread that is told to stop");
        assertTrue(Thread.interrupted());
        assertEquals(machine, stage.lineage().get("vision.machine"));
    }

    @Test
    void aFailedStageStaysUnfinishedAndKeepsItsTime() {
        Stage stage = new Stage(work, "memory", Map.of(), List.of());
        assertThrows(KitException.class, () -> stage.complete(folder -> {
            throw new KitException("loss is not finite");
        }));
        assertFalse(stage.isFinished());
        double spent = stage.seconds();
        stage.complete(folder -> Map.of());
        assertTrue(stage.isFinished() && stage.seconds() > spent);
    }

    @Test
    @Tag("slow")
    void theTimeOfARunThatIsKilledIsNotLost() {
        Stage stage = new Stage(work, "vision", Map.of(), List.of());
        stage.complete(folder -> {
            long patience = System.nanoTime() + 60_000_000_000L;
            while (stage.seconds() == 0 && System.nanoTime() < patience) {
                LockSupport.parkNanos(100_000_000);
            }
            return Map.of("noted", String.valueOf(stage.seconds()));
        });
        assertTrue(Double.parseDouble(stage.facts().get("noted")) > 1, "seconds noted while the work goes on: " + stage.facts());
    }

    @Test
    void aStageThatIsRunningIsRefusedToASecondRunner() {
        Stage stage = new Stage(work, "controller", Map.of(), List.of());
        KitException refused = assertThrows(KitException.class, () -> stage.complete(folder ->
                new Stage(work, "controller", Map.of(), List.of()).complete(f -> Map.of()).facts()));
        assertTrue(refused.getMessage().contains("being run by another process"));
    }

    @Test
    void lineageReachesBackToTheFirstInput() {
        Stage rollouts = new Stage(work, "rollouts", Map.of(), List.of()).complete(f -> Map.of("manifest", "abc"));
        Stage vision = new Stage(work, "vision", Map.of(), List.of(rollouts)).complete(f -> Map.of("weights", "def"));
        String machine = vision.machine().orElseThrow();
        assertEquals(Map.of("rollouts.key", rollouts.key(), "rollouts.manifest", "abc", "rollouts.machine", machine,
                "vision.key", vision.key(), "vision.weights", "def", "vision.machine", machine), vision.lineage());
    }
}
