package worldmodels.kernel;

import io.github.spencerpark.jupyter.channels.JupyterSocket;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Starts the kernel that Jupyter asks for: {@code java -cp ... worldmodels.kernel.Main connection-file}. */
public final class Main {

    /** Threads without which a kernel looks alive and never answers; ending lets Jupyter start a new one. */
    private static final List<String> CHANNELS = List.of("Shell", "Control", "Heartbeat", "iothread", "reaper", "cell-output");

    /** What Jupyter's own log shows; {@code System.err} is soon the cells'. */
    private static final PrintStream LOG = System.err;

    private static volatile JavaKernel kernel;

    private Main() {}

    /** @return the kernel of this process, or null if it runs none */
    public static JavaKernel kernel() {
        return kernel;
    }

    /** Says something to whoever runs Jupyter, where no cell is concerned. */
    static void log(String text) {
        LOG.println(text);
    }

    /** What ends the process is loaded now, while there is memory. */
    static void endWhenDeaf() {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> { }, "end"));
        Reserve.keep();
        Thread.setDefaultUncaughtExceptionHandler(Main::tellAndEndIfDeaf);
    }

    /** A cell may take the memory that is given up here before it can be told what has failed; the kernel ends all the same. */
    private static void tellAndEndIfDeaf(Thread thread, Throwable failure) {
        boolean channel = isChannel(thread.getName());
        try {
            Reserve.giveUpAfter(failure);
            failure.printStackTrace(channel ? LOG : System.err);
        } finally {
            if (channel) {
                end();
            }
        }
    }

    private static void end() {
        try {
            Exit.now(1);
        } catch (Throwable noMemoryForAnOrderlyEnd) {
            Runtime.getRuntime().halt(1);
        }
    }

    /** Without anything new in memory. */
    private static boolean isChannel(String thread) {
        for (int i = 0; i < CHANNELS.size(); i++) {
            if (thread.startsWith(CHANNELS.get(i))) {
                return true;
            }
        }
        return false;
    }

    /** @param args the connection file that Jupyter wrote */
    public static void main(String[] args) throws Exception {
        if (args.length != 1 || !Files.isRegularFile(Path.of(args[0]))) {
            System.err.println("This is a Jupyter kernel: Jupyter starts it with the name of a connection file as its only argument.");
            System.exit(2);
        }
        Signals.ignoreInterrupt();
        JupyterSocket.JUPYTER_LOGGER.setLevel(Level.SEVERE);
        // The base library's loops announce themselves through loggers of their own.
        Logger.getLogger("").setLevel(Level.WARNING);
        endWhenDeaf();
        KernelConnectionProperties properties = KernelConnectionProperties.parse(Files.readString(Path.of(args[0])));
        CellOutput output = new CellOutput();
        CellConnection connection = new CellConnection(properties, output);
        kernel = new JavaKernel(output);
        kernel.prepare(Settings.fromEnvironment());
        kernel.becomeHandlerForConnection(connection);
        output.replaceSystemStreams();
        System.setIn(kernel.getIO().in);
        ParentWatch.start();
        connection.connect();
        connection.waitUntilClose();
        Exit.now(0);
    }
}
