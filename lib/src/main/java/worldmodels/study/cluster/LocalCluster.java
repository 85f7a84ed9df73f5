package worldmodels.study.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import worldmodels.run.Cluster;
import worldmodels.run.KitException;
import worldmodels.run.StoppedException;

/**
 * A cluster on this machine, as {@code environment/cluster.sh} starts it: a master and workers, each a process of its own. The first time, Maven fetches Spark.
 * Closing it ends them all, and what comes after is done here again.
 */
public final class LocalCluster implements AutoCloseable {

    private static final String ADDRESS = "export " + Cluster.VARIABLE + "=";

    private final String address;

    private LocalCluster(String address) {
        this.address = address;
    }

    /**
     * Starts workers of one core each, or more beside those that run, and chooses them.
     *
     * @throws KitException in the script's words: there is no network to fetch Spark from, no room, another program on its port
     */
    public static LocalCluster start(int workers) {
        List<String> said = run("start", String.valueOf(workers));
        LocalCluster cluster = new LocalCluster(said.stream().filter(line -> line.startsWith(ADDRESS)).findFirst().orElseThrow().substring(ADDRESS.length()));
        // Whoever is connected has the executors that were there then.
        Cluster.choose("");
        Cluster.choose(cluster.address);
        return cluster;
    }

    public String address() {
        return address;
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
        run("stop");
    }
}
