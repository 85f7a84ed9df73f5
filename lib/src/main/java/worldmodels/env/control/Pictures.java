package worldmodels.env.control;

/** How a task is drawn. The physics is the same. */
public enum Pictures {

    /** As the suite draws them: shadows from a map of 2048 points a side. */
    EXACT("2048"),

    /**
     * Shadows from a map of 512 points a side, in about half to three quarters of the time. The floor's mirror image stays: leaving it out saves less and
     * changes ten times as many bytes. Of the bytes of cartpole's, cheetah's and walker's pictures one in a thousand is another; the mean difference is 0.002 to
     * 0.012 of 255, at the edges of shadows up to 97.
     */
    SMALL_SHADOWS("512");

    private final String shadowMap;

    Pictures(String shadowMap) {
        this.shadowMap = shadowMap;
    }

    /** @param look the suite's, in XML */
    String in(String look) {
        return look.replace("shadowsize=\"" + EXACT.shadowMap + "\"", "shadowsize=\"" + shadowMap + "\"");
    }
}
