package worldmodels.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What this process computes with.
 *
 * @param name  the processor's, as the operating system tells it, else its architecture
 * @param cores that this process may use
 */
public record Processor(String name, int cores) {

    private static final Path FACTS = Path.of("/proc/cpuinfo");
    private static final String NAME = "model name";

    /** This one. */
    public static Processor here() {
        return new Processor(name(FACTS), Runtime.getRuntime().availableProcessors());
    }

    private static String name(Path facts) {
        try (Stream<String> lines = Files.lines(facts)) {
            return lines.filter(line -> line.startsWith(NAME)).findFirst().map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    @Override
    public String toString() {
        return name + ", " + cores + (cores == 1 ? " core" : " cores");
    }
}
