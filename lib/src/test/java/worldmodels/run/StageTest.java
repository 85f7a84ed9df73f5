package worldmodels.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
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
        Stage rollouts = new Stage(work, "rollouts", Map.of(), List.of()).complete(f -> Map.of("environmentSteps", "9"));
        Stage vision = new Stage(work, "vision", Map.of(), List.of(rollouts)).complete(StageTest::weights);
        String machine = vision.machine().orElseThrow();
        assertEquals(Map.of("rollouts.key", rollouts.key(), "rollouts.environmentSteps", "9", "rollouts.machine", machine,
                "vision.key", vision.key(), "vision.vision.safetensors", WholeFile.sha256OfText("weights"), "vision.machine", machine), vision.lineage());
    }

    private static Map<String, String> weights(Path folder) {
        WholeFile.writeText(folder.resolve("vision.safetensors"), "weights");
        WholeFile.writeText(folder.resolve("episode-000000.npz"), "the manifest has its checksum");
        return Map.of();
    }

    @Test
    void aFileThatIsNotAsItWasWhenTheStageFinishedIsNamedWithTheRemedyAndNotUsed() {
        Stage stage = new Stage(work, "vision", Map.of(), List.of()).complete(StageTest::weights);
        assertEquals(stage.folder().resolve("vision.safetensors"), stage.file("vision.safetensors"));
        WholeFile.writeText(stage.folder().resolve("vision.safetensors"), "others");
        for (Executable use : List.<Executable>of(() -> stage.file("vision.safetensors"), () -> stage.has("vision.safetensors"), stage::lineage, stage::check,
                () -> stage.complete(folder -> Map.of()))) {
            String refused = assertThrows(KitException.class, use).getMessage();
            assertTrue(refused.startsWith("vision.safetensors in ") && refused.contains("delete the folder " + stage.folder()), refused);
        }
        assertFalse(stage.has("dream.csv"));
        assertThrows(KitException.class, () -> stage.file("dream.csv"));
    }

    @Test
    void aRecordThatWasAlteredOrIsAnotherStagesIsRefused() throws IOException {
        Stage stage = new Stage(work, "vision", Map.of(), List.of()).complete(folder -> Map.of("environmentSteps", "1000"));
        Path record = stage.folder().resolve("stage.json");
        String text = Files.readString(record);
        WholeFile.writeText(record, text.replace("1000", "1001"));
        assertThrows(KitException.class, stage::environmentSteps);
        WholeFile.writeText(record, text.replaceAll(",\\s*\"sha256\".*", ""));
        assertThrows(KitException.class, stage::environmentSteps);
        WholeFile.writeText(new Stage(work, "memory", Map.of(), List.of()).folder().resolve("stage.json"), text);
        KitException others = assertThrows(KitException.class, () -> new Stage(work, "memory", Map.of(), List.of()).facts());
        assertTrue(others.getMessage().contains("is another stage's"), others.getMessage());
    }

    /** Stages that earlier versions finished have no checksums in their record. */
    @Test
    void anOlderStageIsHeldAgainstTheChecksumsAmongItsFacts() throws IOException {
        Stage stage = new Stage(work, "evaluation", Map.of(), List.of());
        Path scores = stage.folder().resolve("episodes.csv");
        WholeFile.writeText(scores, "scores");
        WholeFile.writeText(stage.folder().resolve("seconds.txt"), "12.5");
        WholeFile.writeText(stage.folder().resolve("stage.json"), """
                {"stage": "evaluation", "key": "%s", "settings": {}, "inputs": {}, "facts": {"steps": "7", "episodes": "%s"}}
                """.formatted(stage.key(), WholeFile.sha256(scores)));
        assertEquals(12.5, stage.seconds());
        assertEquals(Map.of("evaluation.key", stage.key(), "evaluation.steps", "7", "evaluation.episodes.csv", WholeFile.sha256(scores),
                "evaluation.seconds.txt", WholeFile.sha256OfText("12.5")), stage.lineage());
        WholeFile.writeText(scores, "better scores");
        KitException refused = assertThrows(KitException.class, stage::lineage);
        assertTrue(refused.getMessage().contains("The file with the stage's episodes"), refused.getMessage());
    }

    /** Those in the repository, which earlier versions finished. */
    @Test
    void everyKeptStageIsAsItWasKept() throws IOException {
        try (Stream<Path> stages = Files.list(Path.of(System.getProperty("kit.root"), "results/laptop/stages"))) {
            for (Path folder : stages.toList()) {
                String name = folder.getFileName().toString();
                SortedMap<String, String> files = new StageRecord(folder, name.substring(name.lastIndexOf('-') + 1)).check();
                assertEquals(Provenance.checksums(folder.resolve("stage.provenance.json")).size() - 1, files.size(), name);
            }
        }
    }
}
