package worldmodels.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.run.KitException;
import worldmodels.run.Preset;
import worldmodels.run.Provenance;
import worldmodels.run.Stage;
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
        results.page("search", new Interactive("A search", "<img alt=\"\">", List.of(), List.of()), provenance);
        for (String artefact : List.of("tables/world-models.csv", "tables/world-models.md", "tables/world-models.tex",
                "figures/frames.png", "videos/episode.gif", "pages/search.html")) {
            results.verify(artefact.substring(0, artefact.indexOf('/')), artefact.substring(artefact.indexOf('/') + 1));
        }
        Provenance read = Provenance.read(folder.resolve("smoke/tables/world-models.provenance.json"));
        assertEquals(provenance, read);
        assertEquals(Map.of("vision.key", vision.key(), "vision.weights", "abc", "vision.machine", vision.machine().orElseThrow()), read.inputs());
        assertEquals(List.of(1L, 7L), read.seeds());
        assertEquals(1234, read.environmentSteps());
        assertEquals(Preset.named("smoke").text("evaluation.tracks") + " (100)", read.reductions().get("evaluation.tracks"));
        assertEquals(vision.seconds(), read.wallSeconds());
        assertTrue(read.versions().keySet().containsAll(List.of("kit", "jdk", "djl", "libtorch", "kernel")));
        assertTrue(read.machine().keySet().containsAll(List.of("cpu", "cores", "memory", "os")));
        assertTrue(read.versions().get("libtorch").startsWith("2."), read.versions().get("libtorch"));
    }

    @Test
    void whatWasWrittenIsReadBackUnlessItWasChanged() {
        ResultsFolder results = new ResultsFolder(folder);
        Provenance provenance = Provenance.of(Preset.named("smoke"));
        Figure figure = new ImageGrid("", 1).add(new RgbFrame(1, 1, new byte[3]), "");
        results.table("preset", TABLE, provenance);
        results.figure("frames", figure, provenance);
        assertEquals(TABLE.markdown(), results.table("preset").markdown());
        assertArrayEquals(Png.bytes(figure.image()), results.figure("frames"));
        assertEquals(provenance, results.provenance("figures", "frames"));
        assertEquals(List.of("preset.csv", "preset.md", "preset.tex"), results.files("tables"));
        assertEquals(List.of(), results.files("videos"));
        KitException none = assertThrows(KitException.class, () -> results.video("drive"));
        assertTrue(none.getMessage().contains("drive.gif; run the notebook that writes it first"), none.getMessage());
        assertEquals(List.of(), results.changed());
        WholeFile.writeText(folder.resolve("tables/preset.md"), TABLE.markdown().replace("seed", "luck"));
        assertEquals(List.of("tables/preset.md"), results.changed());
        assertThrows(KitException.class, () -> results.table("preset"));
        assertThrows(KitException.class, () -> Appendix.html(results));
    }

    @Test
    void theAppendixHoldsEverythingAndPointsNowhere() {
        ResultsFolder results = new ResultsFolder(folder);
        Provenance provenance = Provenance.of(Preset.named("smoke")).withSteps(12_345).withSeconds(7200);
        results.table("world-models", TABLE, provenance);
        results.file("tables", "episodes-z.csv", "score\n1\n".getBytes(StandardCharsets.UTF_8), provenance);
        results.figure("coverage", new ImageGrid("", 1).add(new RgbFrame(1, 1, new byte[3]), ""), provenance);
        results.video("unheard-of", new AnimatedGif(10, 1).panel("a", List.of(new RgbFrame(1, 1, new byte[3]))), provenance);
        String html = Appendix.html(results);
        assertEquals(List.of("Rollouts", "World Models", "More results"),
                Pattern.compile("<h3>(.*?)</h3>").matcher(html).results().map(found -> found.group(1)).toList());
        for (String part : List.of(TABLE.html(), "download=\"world-models.tex\"", "download=\"episodes-z.csv\"", "data:image/png;base64,",
                "data:image/gif;base64,", "12,345 environment steps · 2.0 h")) {
            assertTrue(html.contains(part), part);
        }
        assertFalse(html.contains("http"), "a report needs no network");
        KitException e = assertThrows(KitException.class, () -> Appendix.html(new ResultsFolder(folder.resolve("empty"))));
        assertTrue(e.getMessage().contains("run the notebooks first"), e.getMessage());
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
    void anAlteredProvenanceIsRefusedAndWhatItTellsOf() throws IOException {
        ResultsFolder results = new ResultsFolder(folder);
        results.table("t", TABLE, Provenance.of(Preset.named("smoke")));
        Path record = folder.resolve("tables/t.provenance.json");
        String text = Files.readString(record);
        for (String altered : List.of(text.replaceFirst("\"environmentSteps\": 0", "\"environmentSteps\": 1"), text.substring(0, 90), "",
                text.replaceFirst("\\s*\"sha256\".*", ""), text.replace("sha256", "sha257"))) {
            WholeFile.writeText(record, altered);
            KitException e = assertThrows(KitException.class, () -> results.provenance("tables", "t"));
            assertTrue(e.getMessage().startsWith(record + " is damaged"), e.getMessage());
            assertThrows(KitException.class, () -> results.table("t"));
        }
    }

    /** Those in the repository; earlier versions' provenance has no checksum of its own. */
    @Test
    void keptResultsAreReadWhicheverVersionWroteThem() {
        ResultsFolder laptop = new ResultsFolder(Path.of(System.getProperty("kit.root"), "results/laptop"));
        assertFalse(laptop.files("tables").isEmpty());
        assertEquals(List.of(), laptop.changed());
        assertEquals("laptop", laptop.provenance("tables", "world-models").preset());
    }

    @Test
    void showsWhatIsThereAndSaysWhatIsNot() {
        ResultsFolder results = new ResultsFolder(folder);
        results.table("t", TABLE, Provenance.of(Preset.named("smoke")));
        Object[] those = results.those("nothing", "t");
        assertEquals(2, those.length);
        assertTrue(those[0].toString().startsWith("nothing is not among the results in " + folder.getFileName()), those[0].toString());
        assertEquals(TABLE.markdown(), ((ResultTable) those[1]).markdown());
        WholeFile.writeText(folder.resolve("tables/t.csv"), "edited by hand");
        assertThrows(KitException.class, () -> results.those("t"));
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
