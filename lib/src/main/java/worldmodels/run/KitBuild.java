package worldmodels.run;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which code this is.
 *
 * @param version the number
 * @param code    the first digits of the SHA-256 of all classes of the library, whether they lie in a folder or in a jar: the same bits come from the
 *                same classes, and two builds of one version need not be the same
 */
public record KitBuild(String version, String code) implements Serializable {

    /** Of this process. */
    public static KitBuild here() {
        return Here.BUILD;
    }

    @Override
    public String toString() {
        return version + " (" + code + ")";
    }

    private static final class Here {
        private static final KitBuild BUILD = new KitBuild(Machine.kitVersion(), sumHere());
    }

    private static String sumHere() {
        try {
            Path place = Path.of(KitBuild.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (Files.isDirectory(place)) {
                return sum(place);
            }
            try (FileSystem jar = FileSystems.newFileSystem(place)) {
                return sum(jar.getPath("/"));
            }
        } catch (IOException | UncheckedIOException | URISyntaxException e) {
            throw new KitException("Cannot read the kit's own classes (" + e.getMessage() + "); build it again.", e);
        }
    }

    static String sum(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            List<String> classes = files.map(file -> root.relativize(file).toString()).filter(name -> name.endsWith(".class")).sorted().toList();
            for (String name : classes) {
                digest.update(Files.readAllBytes(root.resolve(name)));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
