package worldmodels.env;

/** Between an environment's actions and those of a planner or an actor, whose components lie in [-1, 1]. */
public record ActionScale(Space space) {

    public int size() {
        return space.size();
    }

    /** @param unit within [-1, 1] */
    public double toEnvironment(int component, double unit) {
        double low = space.low(component);
        return low + (unit + 1) / 2 * (space.high(component) - low);
    }

    /** @return within [-1, 1] if the value is within its bounds */
    public double toUnit(int component, double value) {
        double low = space.low(component);
        return 2 * (value - low) / (space.high(component) - low) - 1;
    }
}
