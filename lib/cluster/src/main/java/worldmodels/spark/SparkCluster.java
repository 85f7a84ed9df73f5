package worldmodels.spark;

import java.io.IOException;
import java.io.Serializable;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import worldmodels.run.Cluster;
import worldmodels.run.KitException;
import worldmodels.run.StoppedException;

/** A cluster that Spark reaches. This process is the driver: it holds what is searched for and its checkpoints, and asks executors for pieces of work. */
final class SparkCluster implements Cluster {

    static final String WORK = "Work on the cluster";

    /** Which the kit is built and tested with; a driver and executors of other versions do not understand each other. */
    private static final String VERSION = "4.2.0";
    /** Of an executor's heap, what Spark keeps for work and storage. */
    private static final double USABLE = 0.6;
    private static final int REACHED_WITHIN_MS = 5_000;
    private static final int QUIET_MS = 2_000;

    private final String address;
    private final SparkContext context;
    private final Executor driver = Executor.here("driver", "this machine", 1);
    private final Map<String, Executor> executors = new LinkedHashMap<>();
    /** Of each executor that has come, those that Spark was given: a machine may have more. */
    private final Map<String, Integer> cores = new ConcurrentHashMap<>();

    private SparkCluster(String address, SparkContext context) {
        this.address = address;
        this.context = context;
        context.addSparkListener(new SparkListener() {

            @Override
            public void onExecutorAdded(SparkListenerExecutorAdded added) {
                cores.put(added.executorId(), added.executorInfo().totalCores());
            }
        });
    }

    static SparkCluster connect(String address) {
        return inside(() -> connected(address));
    }

    /**
     * A call of Spark. It finds its parts by the thread's class loader, which its own threads inherit, and in a notebook Spark is in one of its own, below the
     * kernel's.
     */
    static <V> V inside(Supplier<V> call) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(SparkCluster.class.getClassLoader());
        try {
            return call.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static SparkCluster connected(String address) {
        Settings settings = new Settings(address);
        requireMaster(address);
        settings.quieten();
        SparkCluster cluster = null;
        try {
            cluster = new SparkCluster(address, new SparkContext(settings.conf()));
            cluster.requireVersion();
            cluster.await(settings.patience());
            cluster.greet();
            return cluster;
        } catch (RuntimeException e) {
            if (cluster != null) {
                cluster.close();
            }
            throw e instanceof KitException known ? known : failed(address, e);
        }
    }

    /** Spark itself tries for a minute, and says so in a hundred lines. */
    private static void requireMaster(String address) {
        if (!address.matches("spark://.+|k8s://.+|yarn|local-cluster\\[\\s*\\d+\\s*,\\s*\\d+\\s*,\\s*\\d+\\s*]")) {
            throw new KitException(VARIABLE + " is '" + address + "'; it must be spark://host:port, k8s://https://host:port, yarn or local-cluster[workers,cores,MiB], or"
                    + " be unset for this machine.");
        }
        String manager = address.startsWith("k8s://") ? "org.apache.spark.scheduler.cluster.k8s.KubernetesClusterManager"
                : address.equals("yarn") ? "org.apache.spark.scheduler.cluster.YarnClusterManager" : SparkContext.class.getName();
        if (SparkCluster.class.getResource("/" + manager.replace('.', '/') + ".class") == null) {
            throw new KitException("The Spark that is here cannot reach " + address + "; set SPARK_HOME to a Spark distribution " + VERSION
                    + ", which brings what talks to that cluster manager.");
        }
        if (address.startsWith("spark://") && Stream.of(address.substring("spark://".length()).split(",")).noneMatch(SparkCluster::answers)) {
            throw new KitException("No Spark master answers at " + address + "; start one (environment/cluster.sh start), or set " + VARIABLE + " to where one is.");
        }
    }

    private static boolean answers(String hostAndPort) {
        URI uri = URI.create("spark://" + hostAndPort);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), REACHED_WITHIN_MS);
            return true;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    private void requireVersion() {
        if (!context.version().equals(VERSION)) {
            throw new KitException("SPARK_HOME has Spark " + context.version() + ", and the kit works with " + VERSION
                    + "; unset it (environment/cluster.sh fetches the right one) or name another.");
        }
    }

    /** Until an executor is there, and no more come. */
    private void await(int patience) {
        long end = System.nanoTime() + patience * 1_000_000_000L;
        int before = 0;
        try {
            for (int now = count(); now == 0 || now > before; now = count()) {
                if (context.isStopped() || System.nanoTime() > end && now == 0) {
                    throw new KitException("The cluster at " + address + " has given no executor within " + patience + " s; see whether it has workers with " + memory()
                            + " of memory free, that they run JDK " + Runtime.version().feature() + " and Spark " + context.version()
                            + ", and that this machine has their secret (spark.authenticate.secret).");
                }
                before = now;
                Thread.sleep(now == 0 ? QUIET_MS / 10 : QUIET_MS);
            }
        } catch (InterruptedException e) {
            throw new StoppedException("Connecting to " + address);
        }
    }

    private String memory() {
        return context.conf().get("spark.executor.memory", "1g");
    }

    private int count() {
        return context.isStopped() ? 0 : context.getExecutorMemoryStatus().size() - 1;
    }

    /** Hears from every executor before work begins; one that joins later is heard of with its first piece. */
    private void greet() {
        try (Workers<Integer, Integer> greeting = workers(new Greeting())) {
            greeting.each(Collections.nCopies(2 * cores(), 0), (answer, piece) -> { });
        }
    }

    SparkContext context() {
        return context;
    }

    Executor driver() {
        return driver;
    }

    int cores() {
        return context.defaultParallelism();
    }

    synchronized void heardOf(Executor executor) {
        executors.put(executor.id(), new Executor(executor.id(), executor.host(), executor.pid(), cores.getOrDefault(executor.id(), executor.cores()), executor.memory(),
                executor.jdk(), executor.build(), executor.vector()));
    }

    /** @throws KitException if an executor could not hold that, packed and opened on each of its cores */
    void requireRoomFor(long bytes) {
        for (Executor executor : executors()) {
            long needed = bytes * (1 + executor.cores());
            if (needed > USABLE * executor.memory()) {
                throw new KitException(String.format(Locale.ROOT, "The executor %s on %s has %,d MiB of memory, and what is sent to it takes %,d MiB there;"
                        + " start executors with more (spark.executor.memory).", executor.id(), executor.host(), executor.memory() >> 20, needed >> 20));
            }
        }
    }

    KitException failed(Throwable e) {
        return failed(address, e);
    }

    private static KitException failed(String address, Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof KitException known) {
                return known;
            }
        }
        String said = String.valueOf(e.getMessage());
        if (said.contains("UnsupportedClassVersionError")) {
            return new KitException("An executor of " + address + " runs another JDK than this machine's " + Runtime.version().feature()
                    + "; set JAVA_HOME to the same one where workers start.", e);
        }
        if (said.matches("(?s).*(ClassNotFoundException|NoClassDefFoundError): worldmodels.*")) {
            return new KitException("The executors of " + address + " do not find the kit; put it there at the same path as here (" + Settings.classPath()[0]
                    + "), or name another in spark.executor.extraClassPath.", e);
        }
        return new KitException("The cluster at " + address + " failed: " + said.lines().findFirst().orElse(e.toString()) + "; its executors' logs say more.", e);
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public synchronized List<Executor> executors() {
        return new ArrayList<>(executors.values());
    }

    @Override
    public SortedMap<String, String> versions() {
        return new TreeMap<>(Map.of("spark", context.version()));
    }

    @Override
    public <T extends Serializable, R extends Serializable> Workers<T, R> workers(Work<T, R> work) {
        return inside(() -> new SparkWorkers<>(this, work));
    }

    @Override
    public void requireShared(Path folder) {
        Path probe = folder.resolve("seen-by-all-" + UUID.randomUUID());
        try {
            Files.createDirectories(folder);
            Files.writeString(probe, driver.toString());
            try (Workers<Integer, Integer> looking = workers(new SharedFolder(probe.toAbsolutePath().toString(), driver.toString()))) {
                looking.each(Collections.nCopies(2 * cores(), 0), (answer, piece) -> { });
            }
        } catch (IOException e) {
            throw new KitException("Cannot write to " + folder + " (" + e.getMessage() + "); make it writable or set WM_WORK to another folder.", e);
        } finally {
            probe.toFile().delete();
        }
    }

    @Override
    public void close() {
        inside(() -> {
            context.stop();
            return null;
        });
    }
}
