package worldmodels.report;

/**
 * Our own number, with what it takes to trust it.
 *
 * @param mean     over all episodes of all seeds
 * @param sd       standard deviation over episodes
 * @param low      lower end of the 95 % bootstrap interval of the mean
 * @param high     upper end of it
 * @param episodes n, how many episodes
 * @param seeds    k, how many independently trained agents
 */
public record Measured(double mean, double sd, double low, double high, int episodes, int seeds) {

    /** As printed: {@code 632.1 [601.0, 660.4]}. */
    public String text() {
        return Numbers.text(mean) + " [" + Numbers.text(low) + ", " + Numbers.text(high) + "]";
    }
}
