package worldmodels.run;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What this process runs on. */
final class Machine {

    private Machine() {}

    /** Processor, cores, memory, operating system. */
    static SortedMap<String, String> facts() {
        Processor processor = Processor.here();
        String system = System.getProperty("os.name") + " " + System.getProperty("os.version");
        SortedMap<String, String> facts = new TreeMap<>(Map.of(
                "cpu", processor.name(),
                "cores", String.valueOf(processor.cores()),
                "os", distribution().map(name -> name + ", " + system).orElse(system)));
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean memory) {
            facts.put("memory", Math.round(memory.getTotalMemorySize() / 1073741824.0) + " GiB");
        }
        return facts;
    }

    /** The main class and its arguments, without this machine's folders and without a kernel's connection file. */
    static String command() {
        String[] words = System.getProperty("sun.java.command", "unknown").split(" ");
        return Stream.of(words).map(word -> word.substring(word.lastIndexOf('/') + 1)).filter(word -> !word.matches(".*\\.json"))
                .reduce((a, b) -> a + " " + b).orElse("unknown");
    }

    /** From the jar's own record; a build that was not packaged has none. */
    static String kitVersion() {
        Properties properties = new Properties();
        try (InputStream in = Machine.class.getResourceAsStream("/META-INF/maven/worldmodels/worldmodels/pom.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            // A version that cannot be read is an unknown one.
        }
        return properties.getProperty("version", "not packaged");
    }

    private static Optional<String> distribution() {
        try (Stream<String> lines = Files.lines(Path.of("/etc/os-release"))) {
            return lines.filter(line -> line.startsWith("PRETTY_NAME")).findFirst()
                    .map(line -> line.substring(line.indexOf('=') + 1).strip().replace("\"", ""));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
