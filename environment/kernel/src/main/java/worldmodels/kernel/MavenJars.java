package worldmodels.kernel;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code %maven group:artifact:version}: the jars of an artifact and of what it needs, found by the machine's own Maven, with its
 * settings, mirrors and local repository. What is on the class path already is left alone.
 */
final class MavenJars {

    private static final long LIMIT_MINUTES = 10;

    private record Coordinate(String group, String artifact, String version) {

        static Coordinate parse(String text) throws IOException {
            String[] parts = text.split(":");
            if (parts.length < 3 || Arrays.stream(parts).anyMatch(String::isBlank)) {
                throw new IOException("\"" + text + "\" is not a Maven coordinate; write group:artifact:version");
            }
            return new Coordinate(parts[0], parts[1], parts[parts.length - 1]);
        }

        boolean isOnClassPath() {
            return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                    .map(entry -> Path.of(entry).getFileName())
                    .anyMatch(name -> name != null && name.toString().matches(
                            java.util.regex.Pattern.quote(artifact) + "(-\\d.*)?\\.jar"));
        }

        String dependency() {
            return "<dependency><groupId>" + group + "</groupId><artifactId>" + artifact + "</artifactId><version>" + version
                    + "</version></dependency>";
        }
    }

    private MavenJars() {}

    static List<Path> resolve(List<String> coordinates) throws IOException, InterruptedException {
        StringBuilder dependencies = new StringBuilder();
        for (String text : coordinates) {
            Coordinate coordinate = Coordinate.parse(text);
            if (!coordinate.isOnClassPath()) {
                dependencies.append(coordinate.dependency());
            }
        }
        return dependencies.isEmpty() ? List.of() : resolve(dependencies.toString(), coordinates);
    }

    private static List<Path> resolve(String dependencies, List<String> coordinates) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("maven-magic");
        Path pom = folder.resolve("pom.xml");
        Path log = folder.resolve("log.txt");
        Path result = folder.resolve("classpath.txt");
        try {
            Files.writeString(pom, "<project><modelVersion>4.0.0</modelVersion>"
                    + "<groupId>notebook</groupId><artifactId>notebook</artifactId><version>1</version>"
                    + "<dependencies>" + dependencies + "</dependencies></project>");
            run(List.of("mvn", "-q", "-B", "-Dstyle.color=never", "-f", pom.toString(),
                    "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath",
                    "-DincludeScope=runtime", "-Dmdep.outputFile=" + result), log, coordinates);
            return Arrays.stream(Files.readString(result).strip().split(File.pathSeparator))
                    .filter(entry -> !entry.isBlank()).map(Path::of).toList();
        } finally {
            for (Path file : List.of(pom, log, result, folder)) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void run(List<String> command, Path log, List<String> coordinates) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true).redirectOutput(log.toFile());
        // The launcher's allocator is for tensors; Maven has no use for it.
        builder.environment().remove("LD_PRELOAD");
        Process maven;
        try {
            maven = builder.start();
        } catch (IOException e) {
            throw new IOException("%maven needs the mvn command, which is not on the PATH; install Maven or use %jars with files", e);
        }
        try {
            if (!maven.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES) || maven.exitValue() != 0) {
                String reason = Files.readString(log).lines().filter(l -> l.contains("ERROR")).findFirst().orElse("no answer from Maven")
                        .replaceAll("\u001B\\[[0-9;]*m|\\[ERROR] | -> \\[Help 1]", "");
                throw new IOException("Maven cannot find " + String.join(", ", coordinates) + " (" + reason + ")");
            }
        } finally {
            maven.destroy();
        }
    }
}
