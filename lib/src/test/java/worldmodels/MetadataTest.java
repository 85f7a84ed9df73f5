package worldmodels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the files about the project say of it: one version, one licence. */
class MetadataTest {

    private static final Path ROOT = Path.of(System.getProperty("kit.root"));

    @Test
    void oneVersionStandsEverywhere() throws IOException {
        String version = found("pom.xml", "<artifactId>worldmodels-parent</artifactId>\\s*<version>([^<]+)</version>");
        TreeMap<String, String> others = new TreeMap<>();
        for (String module : new String[] {"lib", "lib/benchmarks", "environment/kernel"}) {
            String pom = module + "/pom.xml";
            others.put(pom, found(pom, "<artifactId>worldmodels-parent</artifactId>\\s*<version>([^<]+)</version>"));
        }
        others.put("CITATION.cff", found("CITATION.cff", "(?m)^version: (\\S+)$"));
        others.put("codemeta.json", json("codemeta.json").get("version").getAsString());
        others.put(".zenodo.json", json(".zenodo.json").get("version").getAsString());
        others.put("Dockerfile", found("Dockerfile", "(?m)^ARG VERSION=(\\S+)$"));
        others.put("CHANGELOG.md", found("CHANGELOG.md", "(?m)^## (\\d+\\.\\d+\\.\\d+)"));
        others.forEach((file, says) -> assertEquals(version, says, file));
    }

    @Test
    void oneLicenceStandsEverywhere() throws IOException {
        assertTrue(text("LICENSE").contains("Apache License"), "LICENSE");
        assertEquals("Apache-2.0", found("pom.xml", "<license>\\s*<name>([^<]+)</name>"));
        assertEquals("Apache-2.0", found("CITATION.cff", "(?m)^license: (\\S+)$"));
        assertEquals("https://spdx.org/licenses/Apache-2.0", json("codemeta.json").get("license").getAsString());
        assertEquals("Apache-2.0", json(".zenodo.json").get("license").getAsString());
    }

    private static JsonObject json(String file) throws IOException {
        return JsonParser.parseString(text(file)).getAsJsonObject();
    }

    private static String found(String file, String pattern) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(text(file));
        assertTrue(matcher.find(), () -> file + " has nothing like " + pattern);
        return matcher.group(1);
    }

    private static String text(String file) throws IOException {
        return Files.readString(ROOT.resolve(file));
    }
}
