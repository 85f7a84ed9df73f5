package worldmodels.kernel;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Standard output and error of the cells. Text is gathered and sent every {@value #EVERY_MS} ms, or sooner when there is much of it
 * or something else is shown, so that a loop of thousands of printed lines is a few messages and none is lost. Text that threads
 * print after their cell ended goes to the last cell. Safe for use by many threads.
 */
final class CellOutput {

    /** Takes text to the reader. */
    @FunctionalInterface
    interface Sink {
        void send(boolean error, String text);
    }

    private static final int EVERY_MS = 50;
    private static final int MUCH = 1 << 16;

    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private boolean pendingIsError;
    private Sink sink;

    CellOutput() {
        Thread flusher = new Thread(this::flushForEver, "cell-output");
        flusher.setDaemon(true);
        flusher.start();
    }

    void replaceSystemStreams() {
        System.setOut(stream(false));
        System.setErr(stream(true));
    }

    /** From here on text goes to this sink. */
    synchronized void sendTo(Sink newSink) {
        flush();
        sink = newSink;
    }

    /** Sends what has been gathered. */
    synchronized void flush() {
        send(pending.size());
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
        if (error != pendingIsError) {
            flush();
            pendingIsError = error;
        }
        pending.write(bytes, offset, length);
        if (pending.size() >= MUCH) {
            sendWholeCharacters();
        }
    }

    private void flushForEver() {
        while (true) {
            try {
                Thread.sleep(EVERY_MS);
            } catch (InterruptedException e) {
                return;
            }
            synchronized (this) {
                sendWholeCharacters();
            }
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
