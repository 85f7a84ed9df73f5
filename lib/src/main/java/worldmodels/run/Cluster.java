package worldmodels.run;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.ObjIntConsumer;

/**
 * Other machines that do pieces of work. One setting chooses: the environment variable {@value #VARIABLE} is the address of a cluster ({@code
 * spark://host:7077}, {@code k8s://...}, {@code local-cluster[2,1,1024]}), or nothing for this machine. Who schedules, and what happens to a piece whose
 * machine is lost, is the cluster's affair: {@code lib/cluster} stands on Apache Spark and is found as a service, so that the library runs without it.
 *
 * <p>What is done there has to be a function of what was sent, bit for bit: a piece may be done twice, or on a machine that joined late.
 */
public interface Cluster extends AutoCloseable {

    /** The environment variable that chooses the cluster. */
    String VARIABLE = "WM_CLUSTER";

    /** What every executor is sent once: it can be made into a worker there. */
    @FunctionalInterface
    interface Work<T extends Serializable, R extends Serializable> extends Serializable {

        /** Made once for each core of an executor, and used for one piece after the other. */
        Worker<T, R> open();
    }

    /** Does pieces of work, for one thread. */
    @FunctionalInterface
    interface Worker<T extends Serializable, R extends Serializable> extends AutoCloseable {

        /** @throws KitException whose sentence reaches whoever asked; the piece is not tried again */
        R apply(T piece);

        @Override
        default void close() {}
    }

    /** The cluster's workers for one work. Their making costs the sending of it; so one is kept for a whole search. */
    interface Workers<T extends Serializable, R extends Serializable> extends AutoCloseable {

        /** Cores that the executors have now: more pieces than that, and none waits for the slowest. */
        int cores();

        /**
         * Does all pieces, wherever.
         *
         * @param taker hears, in this thread, each piece's number and result as soon as it is done, in whatever order
         * @throws StoppedException if interrupted; the workers stop too
         * @throws KitException     if a piece cannot be done
         */
        void each(List<T> pieces, ObjIntConsumer<R> taker);

        /** What has been sent and received so far. */
        Traffic traffic();

        @Override
        void close();
    }

    /**
     * Bytes over the network, without the cluster's own talk.
     *
     * @param work     what each executor is sent once
     * @param pieces   sent since
     * @param results  received since
     */
    record Traffic(long work, long pieces, long results) {}

    /**
     * A process that does pieces.
     *
     * @param id     as the cluster calls it
     * @param host   its machine
     * @param pid    its process there
     * @param cores  pieces at once
     * @param memory heap, bytes
     * @param jdk    its version
     * @param build  of the kit
     * @param vector whether it has Java's vector module
     */
    record Executor(String id, String host, long pid, int cores, long memory, String jdk, KitBuild build, boolean vector) implements Serializable {

        /** This process. */
        public static Executor here(String id, String host, int cores) {
            return new Executor(id, host, ProcessHandle.current().pid(), cores, Runtime.getRuntime().maxMemory(), Runtime.version().toString(), KitBuild.here(),
                    ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent());
        }

        /**
         * @param driver whoever sends the work
         * @throws KitException if this executor could give other bits than the driver
         */
        public void requireLike(Executor driver) {
            String where = "The executor " + id + " on " + host;
            if (Runtime.Version.parse(jdk).feature() != Runtime.Version.parse(driver.jdk).feature()) {
                throw new KitException(where + " runs JDK " + jdk + ", this machine JDK " + driver.jdk + "; set JAVA_HOME to the same one where workers start.");
            }
            if (!build.code().equals(driver.build.code())) {
                throw new KitException(where + " has the kit " + build + ", this machine " + driver.build
                        + "; put the same build there, at the same path, and start the workers again.");
            }
            if (driver.vector && !vector) {
                throw new KitException(where + " runs without Java's vector module; start executors with --add-modules=jdk.incubator.vector, as the kit does"
                        + " unless spark.executor.extraJavaOptions says otherwise.");
            }
        }
    }

    /** Whether all machines see the work folder at the same path, so that results need not be sent: {@code WM_CLUSTER_SHARED=yes}. */
    static boolean sharesFolders() {
        return ChosenCluster.sharesFolders();
    }

    /** Makes a connection; a service of {@code lib/cluster}. */
    interface Provider {

        /** @throws KitException if there is no cluster at the address, or its executors cannot do the kit's work */
        Cluster connect(String address);
    }

    /** The cluster that {@value #VARIABLE} or {@link #choose} names; empty for this machine. The first call connects. */
    static Optional<Cluster> chosen() {
        return ChosenCluster.now();
    }

    /** Chooses for the rest of this process. @param address of a cluster; empty for this machine */
    static void choose(String address) {
        ChosenCluster.choose(address);
    }

    /** Its address. */
    String address();

    /** In a few words, for provenance and for the record of what was made with it. */
    default String description() {
        int cores = executors().stream().mapToInt(Executor::cores).sum();
        return address() + ", " + executors().size() + (executors().size() == 1 ? " executor" : " executors") + " of " + cores + (cores == 1 ? " core" : " cores") + " in all";
    }

    /** The executors that have answered so far, those that are lost included. */
    List<Executor> executors();

    /** Of what it stands on, for provenance. */
    SortedMap<String, String> versions();

    /** Sends a work to the executors. The caller closes what it gets. */
    <T extends Serializable, R extends Serializable> Workers<T, R> workers(Work<T, R> work);

    /** @throws KitException if a folder of this machine is not the same folder on every executor */
    void requireShared(Path folder);

    @Override
    void close();
}
