package worldmodels.kernel;

/** Ends the process, and soon, even if a shutdown hook or a native library's thread hangs. */
final class Exit {

    private static final long HOOKS_MS = 2_000;

    private Exit() {}

    static void now(int status) {
        Thread watchdog = new Thread(() -> {
            pause(HOOKS_MS);
            Runtime.getRuntime().halt(status);
        }, "exit-watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
        System.exit(status);
    }

    /** Ends after a moment in which the last reply leaves the process. */
    static void soon(int status, long delayMs) {
        Thread exit = new Thread(() -> {
            pause(delayMs);
            now(status);
        }, "exit");
        exit.setDaemon(true);
        exit.start();
    }

    private static void pause(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            // Ending sooner is no loss.
        }
    }
}
