package worldmodels.experiment;

import java.nio.file.Path;

/** Where data, checkpoints and caches live: {@code WM_WORK}, else {@code work} in the checkout ({@code WM_HOME}), else in this folder. */
public final class WorkFolder {

    private WorkFolder() {}

    public static Path chosen() {
        String work = System.getenv("WM_WORK");
        if (work != null) {
            return Path.of(work);
        }
        String home = System.getenv("WM_HOME");
        return (home == null ? Path.of("") : Path.of(home)).resolve("work").toAbsolutePath();
    }
}
