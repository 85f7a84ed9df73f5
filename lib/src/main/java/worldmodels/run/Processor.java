package worldmodels.run;

import java.io.BufferedReader;
import java.io.FileReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What this process computes with.
 *
 * @param name  the processor's, as the operating system tells it, else its architecture
 * @param cores that this process may use
 */
public record Processor(String name, int cores) {

    private static final String FACTS = "/proc/cpuinfo";
    private static final String NAME = "model name";

    /** This one. */
    public static Processor here() {
        return new Processor(name(FACTS), available());
    }

    /** Cores that this process may use. */
    public static int available() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** Read as a stream: a file channel would be closed by an interrupt, which is how a stage is stopped. */
    private static String name(String facts) {
        try (BufferedReader lines = new BufferedReader(new FileReader(facts, StandardCharsets.UTF_8))) {
            return lines.lines().filter(line -> line.startsWith(NAME)).findFirst().map(line -> line.substring(line.indexOf(':') + 1).strip())
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
