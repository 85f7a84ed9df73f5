package worldmodels.spark;

import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.util.Utils;
import worldmodels.run.Cluster;
import worldmodels.run.KitException;

/**
 * What Spark is told. Executors run as this process does: the same class path, the same flags of Java, one thread for each piece. Whatever else a cluster needs
 * (memory, images, namespaces, secrets) is said the way Spark's users say it, as {@code spark.*} properties of Java or in {@code
 * $SPARK_CONF_DIR/spark-defaults.conf}, and goes before what is said here.
 */
record Settings(String address) {

    /** The launcher's, which executors on machines of one kind need too. */
    private static final List<String> PASSED = List.of("LD_PRELOAD", "MALLOC_CONF", "MALLOC_ARENA_MAX", "ONEDNN_MAX_CPU_ISA", "DJL_CACHE_DIR", "LP_NUM_THREADS", "LC_ALL");
    private static final String LOOPBACK = "127.0.0.1";
    private static final List<String> LOGS = List.of("org.slf4j.simpleLogger.log.org.apache.spark", "org.slf4j.simpleLogger.log.org.apache.hadoop");
    private static final String PATIENCE = "spark.worldmodels.patience";
    private static final String SECRET = "spark.authenticate.secret";

    SparkConf conf() {
        SparkConf conf = new SparkConf();
        defaults().forEach((key, value) -> conf.setIfMissing(key.toString(), value.toString()));
        conf.setMaster(address).setAppName("World Models in Java");
        conf.setIfMissing("spark.ui.enabled", "false");
        conf.setIfMissing("spark.ui.showConsoleProgress", "false");
        conf.setIfMissing("spark.executor.extraClassPath", String.join(File.pathSeparator, classPath()));
        conf.setIfMissing("spark.executor.extraJavaOptions", flags());
        // An executor that is lost takes its tasks with it; only who loses eight in a row has another trouble than bad luck.
        conf.setIfMissing("spark.task.maxFailures", "8");
        conf.setIfMissing("spark.executorEnv.OMP_NUM_THREADS", "1");
        PASSED.stream().filter(name -> System.getenv(name) != null).forEach(name -> conf.setIfMissing("spark.executorEnv." + name, System.getenv(name)));
        if (isHere()) {
            conf.setIfMissing("spark.driver.host", LOOPBACK);
            conf.setIfMissing("spark.driver.bindAddress", LOOPBACK);
        }
        secret().ifPresent(secret -> conf.setIfMissing(SECRET, secret));
        if (conf.contains(SECRET)) {
            conf.setIfMissing("spark.authenticate", "true").setIfMissing("spark.network.crypto.enabled", "true");
        }
        return conf;
    }

    /** Seconds until there has to be an executor. */
    int patience() {
        return conf().getInt(PATIENCE, 60);
    }

    /** What a user can mend comes as a sentence; Spark's own log, of lost executors by the hundred lines, is for whoever asks for it. */
    void quieten() {
        for (String log : LOGS) {
            if (System.getProperty(log) == null) {
                System.setProperty(log, "off");
            }
        }
        if (address.startsWith("local")) {
            Utils.setCustomHostname(LOOPBACK);
        }
    }

    private boolean isHere() {
        return address.startsWith("local") || address.matches("spark://(127\\.|localhost).*");
    }

    /** Of {@code environment/cluster.sh}, which writes it where only its user reads it; another cluster's is a property. */
    private Optional<String> secret() {
        String home = System.getenv("WM_HOME");
        Path file = Path.of(home == null ? "" : home, "work", "cluster", "secret");
        try {
            return isHere() && address.startsWith("spark://") && Files.isReadable(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
        } catch (IOException e) {
            throw new KitException("Cannot read " + file + " (" + e.getMessage() + "); start the cluster again with environment/cluster.sh.", e);
        }
    }

    private static Properties defaults() {
        Properties properties = new Properties();
        String folder = System.getenv("SPARK_CONF_DIR");
        Path file = folder == null ? null : Path.of(folder, "spark-defaults.conf");
        if (file != null && Files.exists(file)) {
            try (Reader in = Files.newBufferedReader(file)) {
                properties.load(in);
            } catch (IOException e) {
                throw new KitException("Cannot read " + file + " (" + e.getMessage() + "); mend it or unset SPARK_CONF_DIR.", e);
            }
        }
        return properties;
    }

    /** This module, then what this process has. */
    static String[] classPath() {
        try {
            String module = Path.of(Settings.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
            return Stream.concat(Stream.of(module), Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)))
                    .map(part -> Path.of(part).toAbsolutePath().toString()).filter(part -> !part.contains(File.separator + "spark" + File.separator + "jars" + File.separator))
                    .distinct().toArray(String[]::new);
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Those of this process but for its heap and its agents; what another JDK does not know must not keep it from saying so. */
    private static String flags() {
        return Stream.concat(Stream.of("-XX:+IgnoreUnrecognizedVMOptions"), ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        .filter(flag -> !flag.matches("-Xm[sx].*|-javaagent:.*|-agentlib:.*|-Dspark.*|-XX:ActiveProcessorCount.*|-D(basedir|surefire|kit|user|localRepository).*")))
                .map(flag -> flag.contains(" ") ? '"' + flag + '"' : flag).collect(Collectors.joining(" "));
    }

    /** Names the variable for whoever reads a message. */
    @Override
    public String toString() {
        return Cluster.VARIABLE + "=" + address;
    }
}
