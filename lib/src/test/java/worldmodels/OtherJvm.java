package worldmodels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A test's main method in a process of its own, with the launcher's flags: for other environment variables, and to measure memory. */
public final class OtherJvm {

    private OtherJvm() {}

    /**
     * @param main      the class with the main method
     * @param folder    in which the process runs; null for this one's
     * @param variables set in its environment
     * @return what it printed, its errors included; it has ended with status 0
     */
    public static String run(Class<?> main, Path folder, Map<String, String> variables, String... arguments) throws IOException, InterruptedException {
        return run(System.getProperty("java.class.path"), main, folder, variables, arguments);
    }

    /** @param classPath instead of this process' */
    static String run(String classPath, Class<?> main, Path folder, Map<String, String> variables, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of(System.getProperty("kit.root"), "environment", "jvm.options").toAbsolutePath(), "-Xms128m", "-Xmx128m",
                "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).directory(folder == null ? null : folder.toFile());
        builder.environment().putAll(variables);
        Process process = builder.start();
        process.getOutputStream().close();
        // The JVM says once that the vectors' module is an incubator.
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).replaceAll("WARNING: Using incubator.*\\R", "").strip();
        assertEquals(0, process.waitFor(), said);
        return said;
    }
}
