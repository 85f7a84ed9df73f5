package worldmodels.report;

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
        int cores = Runtime.getRuntime().availableProcessors();
        String system = System.getProperty("os.name") + " " + System.getProperty("os.version");
        SortedMap<String, String> facts = new TreeMap<>(Map.of(
                "cpu", value("/proc/cpuinfo", "model name", ":").orElse(System.getProperty("os.arch")),
                "cores", String.valueOf(cores),
                "os", value("/etc/os-release", "PRETTY_NAME", "=").map(name -> name + ", " + system).orElse(system)));
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

    private static Optional<String> value(String file, String key, String separator) {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(key)).findFirst()
                    .map(line -> line.substring(line.indexOf(separator) + 1).strip().replace("\"", ""));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
