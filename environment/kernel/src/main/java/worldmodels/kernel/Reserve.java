package worldmodels.kernel;

/**
 * Memory kept back for the kernel itself. A cell that fills the heap is told so at once; without this, the threads that talk to Jupyter
 * would be the next to find no memory, and would end, and the kernel with them. Given up when a cell runs out of memory, so that the error
 * can be shown and the next cell can free what variables hold; taken again once there is room.
 */
final class Reserve {

    private static final int BYTES = 32 << 20;
    private static final int CAUSES = 10;
    private static volatile byte[] held;

    private Reserve() {}

    /** Takes the reserve if there is plenty of room. */
    static void keep() {
        Runtime memory = Runtime.getRuntime();
        long room = memory.maxMemory() - memory.totalMemory() + memory.freeMemory();
        if (held == null && room > 4L * BYTES) {
            held = new byte[BYTES];
        }
    }

    /** Gives the reserve up if that is what failed, or what made it fail. A cause may be its own cause, so not all of them are asked. */
    static void giveUpAfter(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < CAUSES; depth++) {
            if (cause instanceof OutOfMemoryError) {
                held = null;
                return;
            }
            try {
                cause = cause.getCause();
            } catch (RuntimeException | Error e) {
                // The reader's own exception.
                return;
            }
        }
    }
}
