package worldmodels.study.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import worldmodels.run.Cluster;
import worldmodels.run.KitException;
import worldmodels.run.StoppedException;

/**
 * A cluster on this machine, as {@code environment/cluster.sh} starts it: a master and workers, each a process of its own. The first time, Maven fetches Spark.
 * Closing it ends them all, and what comes after is done here again.
 */
public final class LocalCluster implements AutoCloseable {

    private static final String ADDRESS = "export " + Cluster.VARIABLE + "=";

    private final boolean isOurs;
    private final Thread atExit = new Thread(LocalCluster::stop);
    private String address;

    private LocalCluster(boolean isOurs) {
        this.isOurs = isOurs;
    }

    /**
     * Starts workers of one core each and chooses them; a cluster of the script's that runs already is taken as it is.
     *
     * @throws KitException in the script's words: there is no network to fetch Spark from, no room, another program on its port
     */
    public static LocalCluster start(int workers) {
        LocalCluster cluster = new LocalCluster(!isRunning());
        if (cluster.isOurs) {
            // Whatever becomes of this process, the cluster goes with it.
            Runtime.getRuntime().addShutdownHook(cluster.atExit);
        }
        cluster.grow(workers);
        return cluster;
    }

    /**
     * As {@link #start}, for what is worth doing without a cluster too.
     *
     * @param otherwise hears why there is none
     */
    public static Optional<LocalCluster> startIfPossible(int workers, Consumer<String> otherwise) {
        try {
            return Optional.of(start(workers));
        } catch (StoppedException e) {
            throw e;
        } catch (KitException e) {
            otherwise.accept("There is no cluster here: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** Has at least so many workers, and connects anew: whoever is connected has the executors that were there then. */
    public void grow(int workers) {
        List<String> said = run("start", String.valueOf(workers));
        address = said.stream().filter(line -> line.startsWith(ADDRESS)).findFirst().orElseThrow().substring(ADDRESS.length());
        Cluster.choose("");
        Cluster.choose(address);
    }

    public String address() {
        return address;
    }

    private static boolean isRunning() {
        try {
            return !run("status").isEmpty();
        } catch (KitException e) {
            return false;
        }
    }

    private static void stop() {
        run("stop");
    }

    /** Ends one of the executors' processes without asking it, if one is on this machine and has not been ended. */
    public static Optional<Cluster.Executor> killOne() {
        Optional<Cluster.Executor> victim = Cluster.chosen().orElseThrow().executors().reversed().stream()
                .filter(executor -> ProcessHandle.of(executor.pid()).filter(ProcessHandle::isAlive).isPresent()).findFirst();
        victim.flatMap(executor -> ProcessHandle.of(executor.pid())).ifPresent(process -> {
            process.destroyForcibly();
            process.onExit().join();
        });
        return victim;
    }

    private static List<String> run(String... arguments) {
        String home = System.getenv("WM_HOME");
        Path script = Path.of(home == null ? "" : home).resolve("environment").resolve("cluster.sh").toAbsolutePath();
        List<String> command = new ArrayList<>(List.of("bash", script.toString()));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            List<String> said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            if (process.waitFor() != 0) {
                throw new KitException(said.isEmpty() ? script + " failed without a word." : said.getLast());
            }
            return said;
        } catch (IOException e) {
            throw new KitException("Cannot run " + script + " (" + e.getMessage() + "); check out the whole project, and have bash.", e);
        } catch (InterruptedException e) {
            throw new StoppedException("Starting a cluster");
        }
    }

    @Override
    public void close() {
        Cluster.choose("");
        if (isOurs) {
            stop();
            Runtime.getRuntime().removeShutdownHook(atExit);
        }
    }
}
