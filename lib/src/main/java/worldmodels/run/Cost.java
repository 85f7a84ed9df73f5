package worldmodels.run;

/**
 * What one stage will cost.
 *
 * @param name   the stage
 * @param amount how much work
 * @param unit   of what, in the plural
 * @param rate   units per second
 */
public record Cost(String name, double amount, String unit, double rate) {

    public double seconds() {
        return amount / rate;
    }
}
