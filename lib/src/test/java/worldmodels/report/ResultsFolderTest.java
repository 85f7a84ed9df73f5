package worldmodels.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.experiment.Preset;
import worldmodels.experiment.Stage;
import worldmodels.run.KitException;
import worldmodels.run.WholeFile;

class ResultsFolderTest {

    private static final ResultTable TABLE = ResultTable.ofText("Settings", Map.of("key", List.of("seed")));

    @TempDir
    Path folder;

    @Test
    void everyArtefactHasItsProvenanceBesideIt() throws IOException {
        Stage vision = new Stage(folder.resolve("work"), "vision", Map.of(), List.of()).complete(f -> Map.of("weights", "abc"));
        Provenance provenance = Provenance.of(Preset.named("smoke"), vision).withSteps(1234).withSeeds(7).withVersion("kernel", "IJava");
        ResultsFolder results = new ResultsFolder(folder.resolve("smoke"));
        results.table("world-models", TABLE, provenance);
        results.figure("frames", new ImageGrid("", 1).add(new RgbFrame(1, 1, new byte[3]), ""), provenance);
        results.video("episode", new AnimatedGif(10, 1).panel("a", List.of(new RgbFrame(1, 1, new byte[3]))), provenance);
        for (String artefact : List.of("tables/world-models.csv", "tables/world-models.md", "tables/world-models.tex",
                "figures/frames.png", "videos/episode.gif")) {
            results.verify(artefact.substring(0, artefact.indexOf('/')), artefact.substring(artefact.indexOf('/') + 1));
        }
        Provenance read = Provenance.read(folder.resolve("smoke/tables/world-models.provenance.json"));
        assertEquals(provenance, read);
        assertEquals(Map.of("vision.key", vision.key(), "vision.weights", "abc"), read.inputs());
        assertEquals(List.of(1L, 7L), read.seeds());
        assertEquals(1234, read.environmentSteps());
        assertEquals(Preset.named("smoke").text("evaluation.tracks") + " (100)", read.reductions().get("evaluation.tracks"));
        assertEquals(vision.seconds(), read.wallSeconds());
        assertTrue(read.versions().keySet().containsAll(List.of("kit", "jdk", "djl", "libtorch", "kernel")));
        assertTrue(read.machine().keySet().containsAll(List.of("cpu", "cores", "memory", "os")));
        assertTrue(read.versions().get("libtorch").startsWith("2."), read.versions().get("libtorch"));
    }

    @Test
    void refusesAnArtefactThatNamesNoRun() {
        ResultsFolder results = new ResultsFolder(folder);
        Provenance full = Provenance.of(Preset.named("smoke"));
        Provenance empty = new Provenance(full.commit(), false, "smoke", full.reductions(), List.of(), full.inputs(), full.versions(),
                full.machine(), 1, 0, 0, "", "");
        assertThrows(KitException.class, () -> results.table("t", TABLE, null));
        KitException e = assertThrows(KitException.class, () -> results.table("t", TABLE, empty));
        assertTrue(e.getMessage().contains("does not say which run it came from"));
        assertFalse(Files.exists(folder.resolve("tables")));
    }

    @Test
    void noticesAnArtefactThatWasChangedOrHasNoProvenance() {
        ResultsFolder results = new ResultsFolder(folder);
        results.table("t", TABLE, Provenance.of(Preset.named("smoke")));
        WholeFile.writeText(folder.resolve("tables/t.csv"), "edited by hand");
        assertThrows(KitException.class, () -> results.verify("tables", "t.csv"));
        WholeFile.writeText(folder.resolve("tables/other.csv"), "from nowhere");
        assertThrows(KitException.class, () -> results.verify("tables", "other.csv"));
    }

    @Test
    void refusesANameThatWouldLeaveTheFolder() {
        ResultsFolder results = new ResultsFolder(folder);
        assertThrows(KitException.class, () -> results.table("../t", TABLE, Provenance.of(Preset.named("smoke"))));
    }
}
