package worldmodels.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A kernel that cannot hear any more must end, or Jupyter waits for it for ever; also where there is no memory left to say so. Where a cell fills the
 * heap, the cell alone is to fail.
 */
class FullHeapTest {

    private static final int LIMIT_S = 60;

    @Test
    void aKernelWhoseChannelFailsWithAFullHeapEnds() throws Exception {
        assertEquals(1, exitOf(Kernel.class, "-Xmx24m"));
    }

    @Test
    void whenACellIsToldThatTheHeapIsFullOthersStillFindMemory() throws Exception {
        assertEquals(0, exitOf(Cells.class, "-Xmx256m"));
    }

    private static int exitOf(Class<?> program, String heap) throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), heap, "-cp",
                System.getProperty("java.class.path"), program.getName())
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

    /** A process that does what cells do that fill the heap; each begins with the garbage of the one before. */
    static final class Cells {

        private static final int OTHERS_BYTES = 8 << 20;
        private static List<Object> hoard;
        private static byte[] others;

        public static void main(String[] args) {
            for (int cell = 0; cell < 3; cell++) {
                hoard = null;
                others = null;
                Reserve.keep();
                Reserve.giveUpAfter(fill());
            }
        }

        private static OutOfMemoryError fill() {
            hoard = new ArrayList<>();
            try {
                while (true) {
                    Reserve.check();
                    hoard.add(new int[100]);
                }
            } catch (OutOfMemoryError e) {
                // The hoard is still held, and nothing given up. Where this fails, the process does.
                others = new byte[OTHERS_BYTES];
                return e;
            }
        }
    }
}
