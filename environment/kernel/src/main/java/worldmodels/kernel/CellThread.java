package worldmodels.kernel;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The one thread on which all cells run, so that what libraries keep per thread stays. An interrupt escalates: first the thread's
 * interrupt flag, which the kit's loops look at and stop cleanly; then, or at a second interrupt, the checks woven into the cell's
 * own code; at last the thread is left to itself and a new one takes over, so that the kernel stays usable.
 */
final class CellThread {

    /** The code did not stop and goes on in the background. */
    static final class Abandoned extends Exception {
        private static final long serialVersionUID = 1;

        private Abandoned(String message) {
            super(message);
        }
    }

    static final Duration STOP_AFTER = Duration.ofSeconds(1);
    static final Duration ABANDON_AFTER = Duration.ofSeconds(20);
    private static final long STACK_BYTES = 64L << 20;
    private static final int LOOK_EVERY_MS = 100;

    private final ClassLoader loader;
    private final Duration timeout;
    private LinkedBlockingQueue<Runnable> tasks;
    private volatile Thread thread;
    private boolean running;
    private int interrupts;
    private long interruptedAt;

    CellThread(ClassLoader loader, Duration timeout) {
        this.loader = loader;
        this.timeout = timeout;
        startThread();
    }

    private void startThread() {
        LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
        thread = new Thread(null, () -> work(queue), "cells", STACK_BYTES);
        thread.setDaemon(true);
        thread.setContextClassLoader(loader);
        tasks = queue;
        thread.start();
    }

    private static void work(LinkedBlockingQueue<Runnable> queue) {
        while (true) {
            try {
                queue.take().run();
            } catch (InterruptedException e) {
                // An interrupt that came after its cell had ended.
            }
        }
    }

    /** Runs code to its end and returns its value; throws what it throws. Code that is running already may call this for a part of itself. */
    Object run(Callable<Object> code) throws Exception {
        if (Thread.currentThread() == thread) {
            return code.call();
        }
        FutureTask<Object> task = new FutureTask<>(code);
        Thread current;
        synchronized (this) {
            current = thread;
            running = true;
            interrupts = 0;
            tasks.add(() -> {
                Thread.interrupted();
                task.run();
            });
        }
        long start = System.nanoTime();
        try {
            while (true) {
                try {
                    return task.get(LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    escalate(current, start);
                } catch (OutOfMemoryError e) {
                    // Waiting itself needs a little memory. The cell that filled the heap is about to be told so, by the same means.
                    Reserve.giveUpAfter(e);
                }
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            synchronized (this) {
                running = false;
                if (current == thread) {
                    StopChecks.clear(current);
                }
            }
        }
    }

    /** Asks the running code to stop; does nothing between cells. */
    synchronized void interrupt() {
        if (!running) {
            return;
        }
        interrupts++;
        if (interrupts == 1) {
            interruptedAt = System.nanoTime();
        } else {
            StopChecks.stop(thread);
        }
        thread.interrupt();
    }

    /** @return whether {@link #interrupt} was called while the last code ran */
    synchronized boolean wasInterrupted() {
        return interrupts > 0;
    }

    private synchronized void escalate(Thread current, long start) throws Abandoned {
        long now = System.nanoTime();
        if (interrupts == 0) {
            if (timeout.isPositive() && now - start > timeout.toNanos()) {
                interrupt();
            }
            return;
        }
        long waited = now - interruptedAt;
        if (waited > STOP_AFTER.toNanos()) {
            StopChecks.stop(current);
        }
        if (waited > ABANDON_AFTER.toNanos()) {
            startThread();
            throw new Abandoned("the code did not react to the interrupt within " + ABANDON_AFTER.toSeconds()
                    + " s and goes on in the background; restart the kernel to end it");
        }
    }
}
