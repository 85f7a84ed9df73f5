package worldmodels;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * Data recorded from the original environments: {@code ../shared/golden} beside the checkout (or the folder in {@code WM_GOLDEN}), else
 * the small part kept in the test resources under {@code golden/}.
 */
public final class Golden {

    private Golden() {}

    /** @return whether the full recordings are on this machine */
    public static boolean isComplete() {
        return Files.isDirectory(folder());
    }

    /** @param name path below golden/, e.g. {@code carracing/track_42.json} */
    public static boolean has(String name) {
        return Files.exists(folder().resolve(name)) || Golden.class.getResource("/golden/" + name) != null;
    }

    public static InputStream open(String name) throws IOException {
        Path file = folder().resolve(name);
        InputStream in = Files.exists(file) ? Files.newInputStream(file) : Golden.class.getResourceAsStream("/golden/" + name);
        if (in == null) {
            throw new IOException("No recording " + name + ": neither under " + folder() + " nor in the test resources.");
        }
        return name.endsWith(".gz") ? new GZIPInputStream(in) : in;
    }

    public static BufferedReader read(String name) throws IOException {
        return new BufferedReader(new InputStreamReader(open(name), StandardCharsets.UTF_8));
    }

    private static Path folder() {
        String chosen = System.getenv("WM_GOLDEN");
        return chosen != null ? Path.of(chosen) : Path.of(System.getProperty("kit.root", "..")).resolve("../shared/golden").normalize();
    }
}
