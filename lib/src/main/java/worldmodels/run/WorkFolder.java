package worldmodels.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Where data, checkpoints and caches live: {@code WM_WORK}, else {@code work} in the checkout ({@code WM_HOME}), else in this folder. */
public final class WorkFolder {

    private WorkFolder() {}

    /** A folder for one piece of work, gone when it is closed. */
    public record Scratch(Path path) implements AutoCloseable {

        @Override
        public void close() {
            try (Stream<Path> all = Files.walk(path)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            } catch (IOException e) {
                throw new KitException("Cannot remove " + path + " (" + e.getMessage() + "); remove it by hand.", e);
            }
        }
    }

    /** A new {@link Scratch} in the folder for temporary files. */
    public static Scratch scratch() {
        try {
            return new Scratch(Files.createTempDirectory("worldmodels-"));
        } catch (IOException e) {
            throw new KitException("Cannot make a temporary folder (" + e.getMessage() + "); make room in " + System.getProperty("java.io.tmpdir")
                    + ".", e);
        }
    }

    public static Path chosen() {
        String work = System.getenv("WM_WORK");
        if (work != null) {
            return Path.of(work);
        }
        String home = System.getenv("WM_HOME");
        return (home == null ? Path.of("") : Path.of(home)).resolve("work").toAbsolutePath();
    }
}
