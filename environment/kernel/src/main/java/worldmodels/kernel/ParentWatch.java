package worldmodels.kernel;

import java.util.Optional;

/** Ends the kernel when the process that started it is gone, so that a killed Jupyter leaves no Java behind. */
final class ParentWatch {

    private static final long EVERY_MS = 1_000;

    private ParentWatch() {}

    static void start() {
        long parent = parentPid();
        Optional<ProcessHandle> jupyter = jupyterProcess();
        Thread watch = new Thread(() -> {
            while (isThere(parent, jupyter)) {
                try {
                    Thread.sleep(EVERY_MS);
                } catch (InterruptedException e) {
                    return;
                }
            }
            Exit.now(0);
        }, "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private static boolean isThere(long parent, Optional<ProcessHandle> jupyter) {
        try {
            return parentPid() == parent && jupyter.map(ProcessHandle::isAlive).orElse(true);
        } catch (OutOfMemoryError e) {
            // A cell has filled the heap; the next look will tell.
            return true;
        }
    }

    private static long parentPid() {
        return ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(-1L);
    }

    /** Jupyter names its own process in JPY_PARENT_PID, which is not the direct parent where a wrapper script started Java. */
    private static Optional<ProcessHandle> jupyterProcess() {
        String pid = System.getenv("JPY_PARENT_PID");
        return pid == null || !pid.matches("\\d{1,18}") ? Optional.empty() : ProcessHandle.of(Long.parseLong(pid));
    }
}
