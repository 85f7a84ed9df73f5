package worldmodels.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {

    @Test
    void nothingSetMeansNoLimits() {
        assertEquals(new Settings(List.of(), Duration.ZERO, List.of(), List.of(), ""), Settings.from(Map.of()));
    }

    @Test
    void readsTheVariablesOfIJava() {
        Settings settings = Settings.from(Map.of("IJAVA_COMPILER_OPTS", "-parameters -Xlint:none", "IJAVA_TIMEOUT", "30 SECONDS",
                "IJAVA_CLASSPATH", "a.jar:lib/*.jar", "IJAVA_STARTUP_SCRIPTS_PATH", "one.jshell", "IJAVA_STARTUP_SCRIPT", "int a;"));
        assertEquals(new Settings(List.of("-parameters", "-Xlint:none"), Duration.ofSeconds(30), List.of("a.jar", "lib/*.jar"),
                List.of("one.jshell"), "int a;"), settings);
    }

    @Test
    void aPlainTimeoutIsMilliseconds() {
        assertEquals(Duration.ofMillis(1500), Settings.from(Map.of("IJAVA_TIMEOUT", "1500")).timeout());
        assertEquals(Duration.ZERO, Settings.from(Map.of("IJAVA_TIMEOUT", "soon")).timeout());
    }
}
