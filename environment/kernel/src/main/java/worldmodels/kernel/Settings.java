package worldmodels.kernel;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What IJava's environment variables ask for.
 *
 * @param compilerOptions javac's options for cells ({@code IJAVA_COMPILER_OPTS})
 * @param timeout         the longest that one statement of a cell may take; zero is for ever ({@code IJAVA_TIMEOUT})
 * @param classPath       patterns of jars and folders that cells see besides the kernel's own ({@code IJAVA_CLASSPATH})
 * @param scripts         patterns of files evaluated before the first cell ({@code IJAVA_STARTUP_SCRIPTS_PATH})
 * @param script          source evaluated before the first cell ({@code IJAVA_STARTUP_SCRIPT})
 */
record Settings(List<String> compilerOptions, Duration timeout, List<String> classPath, List<String> scripts, String script) {

    static Settings fromEnvironment() {
        return from(System.getenv());
    }

    static Settings from(Map<String, String> environment) {
        return new Settings(
                split(environment.getOrDefault("IJAVA_COMPILER_OPTS", ""), "\\s+"),
                duration(environment.getOrDefault("IJAVA_TIMEOUT", "-1")),
                split(environment.getOrDefault("IJAVA_CLASSPATH", ""), ":"),
                split(environment.getOrDefault("IJAVA_STARTUP_SCRIPTS_PATH", ""), ":"),
                environment.getOrDefault("IJAVA_STARTUP_SCRIPT", ""));
    }

    private static List<String> split(String text, String separator) {
        return Arrays.stream(text.strip().split(separator)).filter(part -> !part.isBlank()).toList();
    }

    /** {@code "5000"} is milliseconds, {@code "30 SECONDS"} names one of {@link TimeUnit}. */
    private static Duration duration(String text) {
        String[] parts = text.strip().split("\\s+");
        try {
            TimeUnit unit = parts.length > 1 ? TimeUnit.valueOf(parts[1].toUpperCase(Locale.ROOT)) : TimeUnit.MILLISECONDS;
            return Duration.of(Math.max(0, Long.parseLong(parts[0])), unit.toChronoUnit());
        } catch (IllegalArgumentException e) {
            System.err.println("IJAVA_TIMEOUT=" + text + " is not a number of milliseconds or e.g. \"30 SECONDS\";"
                    + " cells run without a limit.");
            return Duration.ZERO;
        }
    }
}
