package worldmodels.kernel;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;

/**
 * Standard output and error of the cells. Text is gathered and sent every {@value #EVERY_MS} ms, or sooner when there is much of it
 * or something else is shown, so that a loop of thousands of printed lines is a few messages and none is lost. Text of a thread goes to
 * the cell that started the thread, also when that cell has ended and another one runs. Safe for use by many threads.
 */
final class CellOutput {

    /** Takes text to the reader. */
    @FunctionalInterface
    interface Sink {
        void send(boolean error, String text);
    }

    private static final int EVERY_MS = 50;
    private static final int MUCH = 1 << 16;

    /** The cell that a thread works for; threads take it over from the one that starts them. */
    private final InheritableThreadLocal<Cell> starter = new InheritableThreadLocal<>();
    private final Set<Cell> unsent = new LinkedHashSet<>();
    private Cell running = new Cell(null);

    /** A cell's text that has not been sent yet. */
    private static final class Cell {

        private final Sink sink;
        private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
        private boolean pendingIsError;

        private Cell(Sink sink) {
            this.sink = sink;
        }

        private void append(boolean error, byte[] bytes, int offset, int length) {
            if (error != pendingIsError) {
                send(pending.size());
                pendingIsError = error;
            }
            pending.write(bytes, offset, length);
            if (pending.size() >= MUCH) {
                sendWholeCharacters();
            }
        }

        /** Leaves the bytes of a character whose end has not been written yet. */
        private void sendWholeCharacters() {
            byte[] bytes = pending.toByteArray();
            int end = bytes.length;
            int start = end;
            while (start > 0 && end - start < 4) {
                int b = bytes[--start] & 0xff;
                if (b < 0x80) {
                    break;
                }
                if (b >= 0xc0) {
                    int length = b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : 2;
                    end = start + length > end ? start : end;
                    break;
                }
            }
            send(end);
        }

        private void send(int length) {
            if (length == 0 || sink == null) {
                return;
            }
            byte[] bytes = pending.toByteArray();
            pending.reset();
            pending.write(bytes, length, bytes.length - length);
            sink.send(pendingIsError, new String(bytes, 0, length, StandardCharsets.UTF_8));
        }
    }

    CellOutput() {
        Thread flusher = new Thread(this::flushForEver, "cell-output");
        flusher.setDaemon(true);
        flusher.start();
    }

    void replaceSystemStreams() {
        System.setOut(stream(false));
        System.setErr(stream(true));
    }

    /** A new cell begins; its text goes to this sink. */
    synchronized void sendTo(Sink sink) {
        flush();
        running = new Cell(sink);
    }

    /** From here on the calling thread, and the threads that it starts, work for the running cell. */
    synchronized void adopt() {
        starter.set(running);
    }

    /** Where the calling thread's text goes: to the cell that it works for, else to the running one; null before the first cell. */
    synchronized Sink sink() {
        return cell().sink;
    }

    /** Sends what has been gathered. */
    synchronized void flush() {
        unsent.forEach(cell -> cell.send(cell.pending.size()));
        unsent.clear();
    }

    private Cell cell() {
        // The common pool's threads are whoever's who uses them, not of the cell that used them first.
        boolean shared = Thread.currentThread() instanceof ForkJoinWorkerThread worker && worker.getPool() == ForkJoinPool.commonPool();
        Cell mine = shared ? null : starter.get();
        return mine == null ? running : mine;
    }

    private PrintStream stream(boolean error) {
        return new PrintStream(new OutputStream() {
            @Override
            public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                append(error, bytes, offset, length);
            }
        }, false, StandardCharsets.UTF_8);
    }

    private synchronized void append(boolean error, byte[] bytes, int offset, int length) {
        Cell cell = cell();
        cell.append(error, bytes, offset, length);
        unsent.add(cell);
    }

    private synchronized void sendAll() {
        unsent.forEach(Cell::sendWholeCharacters);
        unsent.removeIf(cell -> cell.pending.size() == 0);
    }

    private void flushForEver() {
        while (true) {
            try {
                Thread.sleep(EVERY_MS);
            } catch (InterruptedException e) {
                return;
            }
            try {
                sendAll();
            } catch (OutOfMemoryError e) {
                // A cell has filled the heap; its text waits for the next turn.
            }
        }
    }
}
