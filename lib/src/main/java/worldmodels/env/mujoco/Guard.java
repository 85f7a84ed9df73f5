package worldmodels.env.mujoco;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import worldmodels.run.KitException;

/**
 * A thread for one call that may end in an error of the library: loading a model, making a drawing context. When the error comes, this thread
 * is left behind where it stands (with the little memory of its stack), and whoever waits for it gets an exception. One guarded call runs at a
 * time, since the library's model compiler draws its random sky with C's {@code rand()} and its loader of OpenGL fills global variables.
 */
final class Guard extends Thread {

    private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

    private final Supplier<?> work;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile Object result;
    private volatile RuntimeException failure;

    private Guard(Supplier<?> work) {
        super("mujoco-guard");
        setDaemon(true);
        this.work = work;
    }

    /**
     * @param what the sentence's beginning for the exception, e.g. {@code "MuJoCo could not load this model"}
     * @throws KitException with the library's message, if it reports an error
     */
    @SuppressWarnings("unchecked")
    static <T> T call(String what, Supplier<T> work) {
        ONE_AT_A_TIME.lock();
        try {
            Guard guard = new Guard(work);
            guard.start();
            guard.await();
            switch (guard.failure) {
                case null -> { }
                case LibraryError error -> throw new KitException(what + ": " + error.getMessage() + ".");
                default -> throw guard.failure;
            }
            return (T) guard.result;
        } finally {
            ONE_AT_A_TIME.unlock();
        }
    }

    @Override
    public void run() {
        try {
            result = work.get();
        } catch (RuntimeException e) {
            failure = e;
        } catch (Error e) {
            failure = new IllegalStateException(e);
        }
        over.countDown();
    }

    /** The library's error handler calls this on the thread that made the error, which does not go on. */
    static void failed(String message) {
        if (currentThread() instanceof Guard guard) {
            guard.failure = new LibraryError(message);
            guard.over.countDown();
        } else {
            System.err.println("MuJoCo reported an error after which it cannot go on (" + message + "); the thread "
                    + currentThread().getName() + " stays where it is, start the program or the kernel again.");
        }
    }

    /** An interrupt stays set for the caller. */
    private void await() {
        boolean interrupted = false;
        while (true) {
            try {
                over.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            currentThread().interrupt();
        }
    }

    private static final class LibraryError extends RuntimeException {

        private static final long serialVersionUID = 1;

        private LibraryError(String message) {
            super(message.replaceFirst("\\.$", ""));
        }
    }
}
