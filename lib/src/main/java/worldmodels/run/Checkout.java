package worldmodels.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The state of the kit's sources, as {@code git} tells it; where there is no checkout (a container) {@code WM_COMMIT} may name it.
 *
 * @param commit   forty hexadecimal digits, or {@code unknown}
 * @param modified whether files differ from it
 */
record Checkout(String commit, boolean modified) {

    /** The checkout in {@code WM_HOME}, else the one this process works in. */
    static Checkout here() {
        return of(Path.of(Objects.requireNonNullElse(System.getenv("WM_HOME"), "")).toAbsolutePath());
    }

    static Checkout of(Path folder) {
        Optional<String> commit = git(folder, "rev-parse", "HEAD").filter(text -> !text.isEmpty());
        if (commit.isEmpty()) {
            return new Checkout(Objects.requireNonNullElse(System.getenv("WM_COMMIT"), "unknown"), false);
        }
        // What the kit itself writes to results/ does not make the sources other sources.
        return new Checkout(commit.get(), !git(folder, "status", "--porcelain", "--", ":/", ":(top,exclude)results").orElse("").isEmpty());
    }

    /** What the command printed, or nothing if there is no git or it failed. */
    private static Optional<String> git(Path folder, String... arguments) {
        List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
        command.addAll(List.of(arguments));
        try {
            Process git = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0 ? Optional.of(text) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
