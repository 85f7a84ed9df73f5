package worldmodels.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A master and workers on this machine, as {@code environment/cluster.sh} starts them: real processes. */
record TrialCluster(Path folder, int port) implements AutoCloseable {

    private static final Path SCRIPT = Path.of(System.getProperty("kit.root"), "environment", "cluster.sh");

    static TrialCluster start(Path folder, int workers) {
        TrialCluster cluster = new TrialCluster(folder, freePort());
        folder.toFile().mkdirs();
        cluster.has(workers);
        return cluster;
    }

    /** Until there are that many workers. */
    void has(int workers) {
        run("start", String.valueOf(workers));
    }

    String address() {
        return "spark://127.0.0.1:" + port;
    }

    /** Connects with Spark's own properties, as its users do. */
    SparkCluster connect() {
        try {
            System.setProperty("spark.authenticate.secret", Files.readString(folder.resolve("secret")).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return (SparkCluster) new SparkProvider().connect(address());
    }

    /** Ends a process without asking it. An executor may have ended already, with its worker. */
    static void kill(long pid) {
        ProcessHandle.of(pid).ifPresent(process -> {
            process.destroyForcibly();
            process.onExit().join();
        });
    }

    long worker(int number) {
        try {
            return Long.parseLong(Files.readString(folder.resolve("worker-" + number + ".pid")).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(String... arguments) {
        try {
            List<String> command = new ArrayList<>(List.of("bash", SCRIPT.toString()));
            command.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            // The build that runs this test has made what the script would fetch.
            builder.environment().put("WM_CLUSTER_BUILT", "yes");
            builder.environment().put("WM_CLUSTER_FOLDER", folder.toString());
            builder.environment().put("WM_CLUSTER_PORT", String.valueOf(port));
            Path log = Files.createTempFile(folder, "cluster", ".log");
            int status = builder.redirectOutput(log.toFile()).start().waitFor();
            if (status != 0) {
                throw new AssertionError("cluster.sh " + String.join(" ", arguments) + ": " + Files.readString(log));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        System.clearProperty("spark.authenticate.secret");
        run("stop");
    }
}
