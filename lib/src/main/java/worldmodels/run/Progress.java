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

    /** How far something is, as {@link Progress#at}. */
    @FunctionalInterface
    interface Point {
        void at(long completed, String note);
    }

    /** Hears how far a part of something is; where that begins and ends is the whole's to say. */
    static Progress ofPart(Point point) {
        return new Progress() {
            @Override
            public void start(String work, long total, String unit) {}

            @Override
            public void at(long completed, String note) {
                point.at(completed, note);
            }

            @Override
            public void done(String note) {}
        };
    }

    /**
     * For the rest of a work: what is heard here is the whole of it.
     *
     * @param whole  what the whole is called
     * @param before units that an earlier run has finished
     */
    default Progress forRest(String whole, long before) {
        Progress all = this;
        return new Progress() {
            @Override
            public void start(String work, long total, String unit) {
                all.start(whole, before + total, unit);
                all.at(before, "");
            }

            @Override
            public void at(long completed, String note) {
                all.at(before + completed, note);
            }

            @Override
            public void done(String note) {
                all.done(note);
            }
        };
    }

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
