package worldmodels.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A kernel that cannot hear any more must end, or Jupyter waits for it for ever; also where there is no memory left to say so. */
class FullHeapTest {

    private static final int LIMIT_S = 60;

    @Test
    void aKernelWhoseChannelFailsWithAFullHeapEnds() throws Exception {
        assertEquals(1, exitOfAKernel());
    }

    private static int exitOfAKernel() throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx24m", "-cp",
                System.getProperty("java.class.path"), Kernel.class.getName())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            assertTrue(process.waitFor(LIMIT_S, TimeUnit.SECONDS), "it hangs");
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    /** A process with the kernel's handler, one of whose threads fills the heap and fails. */
    static final class Kernel {

        private static Object hoard;

        public static void main(String[] args) {
            Main.endWhenDeaf();
            Error failure = new OutOfMemoryError("prepared");
            Thread failing = new Thread(() -> {
                fill();
                throw failure;
            }, "iothread-2");
            failing.start();
            // Nothing that this thread does asks for memory, so that it outlives the other.
            while (true) {
                Thread.onSpinWait();
            }
        }

        private static void fill() {
            Object[] last = null;
            try {
                while (true) {
                    last = new Object[] {last};
                }
            } catch (OutOfMemoryError e) {
                hoard = last;
            }
        }
    }
}
