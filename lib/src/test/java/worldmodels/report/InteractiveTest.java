package worldmodels.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InteractiveTest {

    private static final Interactive PICTURE = new Interactive("z & h", "<img alt=\"\">", List.of("player.js"), Map.of("answer", 42));

    @Test
    void aPageNeedsNoOtherFile() {
        String page = PICTURE.page();
        assertTrue(page.startsWith("<!DOCTYPE html>") && page.contains("<h1>z &amp; h</h1>"), "a whole page with its heading");
        assertFalse(page.contains("http") || page.contains("<link") || page.contains("script src"), "nothing is fetched");
        assertTrue(page.contains("start(root, {\"answer\":42})"), "the script gets its data");
    }

    @Test
    void thePictureComesBeforeTheScriptThatTakesItsPlace() {
        String html = PICTURE.html();
        assertTrue(html.indexOf("<img") < html.indexOf("<script>"));
        assertEquals(html, PICTURE.html());
    }

    @Test
    void withoutScriptsThereIsThePictureAlone() {
        assertEquals("<img>", new Interactive("a", "<img>", List.of(), List.of()).html());
    }

    @Test
    void aScriptThatTheLibraryDoesNotHaveIsNamed() {
        assertTrue(assertThrows(NullPointerException.class, () -> new Interactive("a", "", List.of("none.js"), 1).html()).getMessage().contains("none.js"));
    }

    @Test
    void dataThatIsNoNumberIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Interactive("a", "", List.of("player.js"), Map.of("z", Double.NaN)).html());
    }
}
