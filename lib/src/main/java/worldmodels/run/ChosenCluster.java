package worldmodels.run;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** The one cluster of this process, if it has one. */
final class ChosenCluster {

    /** Where {@code environment/cluster.sh} puts the module and, unless the variable names another, Spark. */
    private static final String FOLDER = "cluster";
    private static final String SHARED = "WM_CLUSTER_SHARED";
    private static final String SPARK_HOME = "SPARK_HOME";

    private static String address = Objects.requireNonNullElse(System.getenv(Cluster.VARIABLE), "").strip();
    private static Cluster.Provider provider;
    private static Cluster connected;

    private ChosenCluster() {}

    static synchronized void choose(String other) {
        address = other.strip();
        if (connected != null && !connected.address().equals(address)) {
            connected.close();
            connected = null;
        }
    }

    static synchronized Optional<Cluster> now() {
        if (address.isEmpty()) {
            return Optional.empty();
        }
        if (connected == null) {
            if (provider == null) {
                provider = provider();
            }
            connected = provider.connect(address);
        }
        return Optional.of(connected);
    }

    static boolean sharesFolders() {
        String said = Objects.requireNonNullElse(System.getenv(SHARED), "").strip();
        return switch (said.toLowerCase(Locale.ROOT)) {
            case "", "no" -> false;
            case "yes" -> true;
            default -> throw new KitException(SHARED + " is '" + said + "'; set it to yes where all machines see the work folder at the same path, or unset it.");
        };
    }

    /** Without connecting. */
    static synchronized Optional<Cluster> inUse() {
        return Optional.ofNullable(connected);
    }

    /** On the class path, else from the folder: nobody carries Spark's jars who has no cluster. */
    private static Cluster.Provider provider() {
        ClassLoader own = Cluster.class.getClassLoader();
        return ServiceLoader.load(Cluster.Provider.class, own).findFirst()
                .or(() -> ServiceLoader.load(Cluster.Provider.class, new URLClassLoader("cluster", jars(), own)).findFirst())
                .orElseThrow(() -> new KitException(Cluster.VARIABLE + " is " + address
                        + ", but what talks to clusters is not here; fetch it with environment/cluster.sh fetch (220 MB), or unset " + Cluster.VARIABLE + "."));
    }

    private static URL[] jars() {
        String home = System.getenv("WM_HOME");
        Path folder = (home == null ? Path.of("") : Path.of(home)).resolve("work").resolve(FOLDER).toAbsolutePath();
        Path spark = Optional.ofNullable(System.getenv(SPARK_HOME)).map(Path::of).orElse(folder.resolve("spark"));
        List<URL> all = new ArrayList<>();
        for (Path each : List.of(folder, spark.resolve("jars"))) {
            try (Stream<Path> files = Files.isDirectory(each) ? Files.list(each) : Stream.empty()) {
                for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).sorted().toList()) {
                    all.add(jar.toUri().toURL());
                }
            } catch (MalformedURLException e) {
                throw new IllegalStateException(e);
            } catch (IOException e) {
                throw new KitException("Cannot read " + each + " (" + e.getMessage() + "); fetch it again with environment/cluster.sh fetch.", e);
            }
        }
        return all.toArray(URL[]::new);
    }
}
