package worldmodels.run;

/** The work was interrupted (Ctrl-C, or the kernel's interrupt) and stopped at a clean point; running it again continues there. */
public final class StoppedException extends KitException {

    public StoppedException(String work) {
        super(work + " was stopped; run it again to continue from its last checkpoint.");
    }

    /**
     * Loops call this once per step.
     *
     * @throws StoppedException if the current thread has been interrupted; the interrupt is then cleared, so that the kernel's thread
     *                          can run the next cell
     */
    public static void throwIfInterrupted(String work) {
        if (Thread.interrupted()) {
            throw new StoppedException(work);
        }
    }
}
