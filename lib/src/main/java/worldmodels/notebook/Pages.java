package worldmodels.notebook;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * From where an executed notebook will be read: {@code environment/run.sh} names the folder that it writes it to ({@code WM_PAGES}). From there
 * a file of the checkout can be linked; a notebook that is open in JupyterLab reaches no file outside its folder.
 */
final class Pages {

    private Pages() {}

    /** @param file from the checkout's folder */
    static Optional<String> link(String file) {
        return link(System.getenv("WM_HOME"), System.getenv("WM_PAGES"), file);
    }

    static Optional<String> link(String home, String pages, String file) {
        if (home == null || pages == null) {
            return Optional.empty();
        }
        Path root = Path.of(home).toAbsolutePath().normalize();
        Path from = Path.of(pages).toAbsolutePath().normalize();
        Path to = root.resolve(file);
        return from.startsWith(root) && Files.exists(to) ? Optional.of(from.relativize(to).toString().replace('\\', '/')) : Optional.empty();
    }
}
