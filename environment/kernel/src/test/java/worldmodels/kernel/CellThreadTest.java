package worldmodels.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CellThreadTest {

    private final CellThread cells = new CellThread(getClass().getClassLoader(), Duration.ZERO);

    @Test
    void allCodeRunsOnOneThread() throws Exception {
        assertSame(cells.run(Thread::currentThread), cells.run(Thread::currentThread));
    }

    @Test
    void anInterruptBetweenCellsDoesNotReachTheNext() throws Exception {
        cells.run(() -> 1);
        cells.interrupt();
        assertFalse((boolean) cells.run(Thread::interrupted));
    }

    @Test
    void anInterruptReachesTheRunningCode() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> {
            try {
                started.await();
                cells.interrupt();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertThrows(InterruptedException.class, () -> cells.run(() -> {
            started.countDown();
            Thread.sleep(60_000);
            return null;
        }));
        assertEquals(2, cells.run(() -> 2));
    }

    @Test
    @Tag("slow")
    void codeThatIgnoresEveryInterruptIsLeftToItselfAndTheNextCellRuns() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> {
            try {
                started.await();
                cells.interrupt();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertThrows(CellThread.Abandoned.class, () -> cells.run(() -> {
            started.countDown();
            while (end.getCount() > 0) {
                Thread.onSpinWait();
            }
            return null;
        }));
        assertEquals(2, cells.run(() -> 2));
        end.countDown();
    }
}
