package worldmodels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What CONTRIBUTING.md tells a reader to copy is there. */
class ContributingTest {

    private static final Path ROOT = Path.of(System.getProperty("kit.root"));
    private static final Pattern PATH = Pattern.compile("`([\\w.-]+(?:/[\\w.-]+)+)`");

    @Test
    void theFilesToCopyExist() throws IOException {
        List<String> named = PATH.matcher(Files.readString(ROOT.resolve("CONTRIBUTING.md"))).results().map((MatchResult match) -> match.group(1)).toList();
        assertTrue(named.size() > 30, named.toString());
        assertEquals(List.of(), named.stream().filter(path -> !Files.exists(ROOT.resolve(path))
                && !Files.exists(ROOT.resolve("lib/src/main/java/worldmodels").resolve(path))).toList(), "named and not there");
    }
}
