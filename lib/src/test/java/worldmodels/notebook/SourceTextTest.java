package worldmodels.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.data.Episode;
import worldmodels.report.Figure;
import worldmodels.report.ImageGrid;
import worldmodels.report.ResultTable;
import worldmodels.run.KitException;

class SourceTextTest {

    @Test
    void aMethodStandsAsInItsFileWithItsComment() throws IOException {
        SourceText source = SourceText.of(Figure.class, "width").getFirst();
        assertEquals("Figure.width", source.name());
        assertTrue(source.text().startsWith("/** How wide it is shown, in points. */\ndefault int width() {\n    return"), source.text());
        assertTrue(source.text().endsWith("\n}"), source.text());
        // Surefire runs in lib.
        List<String> file = Files.readAllLines(Path.of("..").resolve(source.file()));
        assertEquals(source.text(), String.join("\n", file.subList(source.first() - 1, source.last())).stripIndent());
    }

    @Test
    void allOverloadsAreShownUnlessOneIsNamed() {
        assertEquals(2, SourceText.of(ResultTable.class, "latex").size());
        SourceText one = SourceText.of(ResultTable.class, "latex(String)").getFirst();
        assertTrue(one.text().startsWith("private static String latex(String text)"), one.text());
        assertEquals(2, SourceText.of(ImageGrid.class, "ImageGrid").size(), "constructors have the class's name");
        assertTrue(SourceText.of(ImageGrid.class, "ImageGrid(String, int)").getFirst().text().contains("this(title, columns, 3);"));
    }

    @Test
    void fieldsNestedTypesAndWholeClassesAreShown() throws ClassNotFoundException {
        assertEquals("private static final int GAP = 8;", SourceText.of(ImageGrid.class, "GAP").getFirst().text());
        assertEquals("private record Cell(RgbFrame frame, String caption) {}", SourceText.of(ImageGrid.class, "Cell").getFirst().text());
        Class<?> nested = Class.forName("worldmodels.notebook.SourceText$Parsed");
        SourceText inner = SourceText.of(nested, "lineStart").getFirst();
        assertEquals("SourceText.Parsed.lineStart", inner.name());
        SourceText whole = SourceText.of(Episode.class).getFirst();
        assertTrue(whole.text().startsWith("/**") && whole.text().endsWith("}"), whole.text());
    }

    @Test
    void whatIsNotThereIsSaidInOneSentence() {
        String missing = assertThrows(KitException.class, () -> SourceText.of(Figure.class, "height")).getMessage();
        assertTrue(missing.matches("The source of Figure has no height; it has DENSITY, image, width, .*of, grid\\."), missing);
        assertTrue(assertThrows(KitException.class, () -> SourceText.of(Figure.class, "grid(int)")).getMessage().contains("has no grid(int)"));
        assertTrue(assertThrows(KitException.class, () -> SourceText.of(String.class, "length")).getMessage()
                .startsWith("The source of java.lang.String is not here"));
    }

    @Test
    void colouredTextIsTheSameText() {
        for (Class<?> type : List.of(SourceText.class, Highlighted.class, Notebook.class, ResultTable.class)) {
            String text = SourceText.of(type).getFirst().text();
            String html = Highlighted.html(text);
            assertEquals(text, html.replaceAll("<[^>]*>", "").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&"));
        }
        String line = Highlighted.html("return x / 2; // a \"half\" of new");
        assertTrue(line.contains("bold\">return</span> x / <span style=\"color:#00695c\">2</span>;"), line);
        assertTrue(line.endsWith("// a &quot;half&quot; of new</span>"), line);
        assertFalse(Highlighted.html("int renewal").contains("new</span>"));
    }

    @Test
    void aFileIsLinkedFromPagesInTheCheckoutOnly(@TempDir Path home) throws IOException {
        Files.createDirectories(home.resolve("lib"));
        Files.writeString(home.resolve("lib/A.java"), "");
        String root = home.toString();
        assertEquals(Optional.of("../../../lib/A.java"), Pages.link(root, root + "/results/smoke/notebooks", "lib/A.java"));
        assertEquals(Optional.empty(), Pages.link(root, root + "/results/smoke/notebooks", "lib/B.java"));
        assertEquals(Optional.empty(), Pages.link(root, home.getParent().toString(), "lib/A.java"));
        assertEquals(Optional.empty(), Pages.link(root, null, "lib/A.java"));
    }
}
