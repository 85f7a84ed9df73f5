package worldmodels.kernel;

import java.lang.ref.SoftReference;

/**
 * Memory kept back for the kernel itself; without it, the threads that talk to Jupyter would find none when a cell fills the heap, and would end,
 * and the kernel with them. A part is held softly: the JVM clears it before any thread's request fails, and the next {@link #check} in the cell's
 * code then fails in the place of all others. The rest is given up when a cell runs out of memory, so that the error can be shown and the
 * next cell can free what variables hold. Both are taken again once there is room.
 */
final class Reserve {

    private static final int BYTES = 32 << 20;
    private static final int SOFT_BYTES = 16 << 20;
    private static final int CAUSES = 10;
    private static volatile byte[] held;
    private static volatile SoftReference<byte[]> softlyHeld;

    private Reserve() {}

    /** Takes what is not held if there is plenty of room. Garbage counts as used until it is collected, so that only asking for room can tell. */
    static void keep() {
        if (held != null && softlyHeld != null) {
            return;
        }
        try {
            holdSoftly(4 * BYTES);
            held = new byte[BYTES];
        } catch (OutOfMemoryError e) {
            softlyHeld = null;
        }
    }

    /** Fails where the JVM has cleared what is held softly and there is no room to take it again; once, so that the cell can clean up after itself. */
    static void check() {
        SoftReference<byte[]> reference = softlyHeld;
        if (reference != null && reference.refersTo(null)) {
            // What was cleared may just fit again, and the next request would clear it again.
            holdSoftly(2 * SOFT_BYTES);
        }
    }

    /** @param room in bytes, that must be there; where it is not, nothing is held softly any more */
    private static void holdSoftly(int room) {
        softlyHeld = null;
        softlyHeld = new SoftReference<>(new byte[room]);
        softlyHeld = new SoftReference<>(new byte[SOFT_BYTES]);
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
