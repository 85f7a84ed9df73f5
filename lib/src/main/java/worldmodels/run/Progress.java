package worldmodels.run;

/**
 * Where a long piece of work says how far it is. The work calls {@link #start} once, {@link #at} as often as it likes (the listener
 * throttles what it shows) and {@link #done} once; the listener adds speed and time left. Implementations may be called from the
 * thread that does the work only.
 */
public interface Progress {

    /** Shows nothing. */
    Progress NONE = new Progress() {
        @Override
        public void start(String work, long total, String unit) {}

        @Override
        public void at(long completed, String note) {}

        @Override
        public void done(String note) {}
    };

    /**
     * @param work  what is done, e.g. {@code "ConvVAE training"}
     * @param total how many units there are in all
     * @param unit  the plural of what is counted, e.g. {@code "episodes"}
     */
    void start(String work, long total, String unit);

    /**
     * @param completed units finished so far; a resumed run starts above 0
     * @param note      the current figures, e.g. {@code "loss 41.3"}; may be empty
     */
    void at(long completed, String note);

    /** @param note the final figures; may be empty */
    void done(String note);
}
