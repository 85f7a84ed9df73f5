package worldmodels.planet;

import worldmodels.env.Space;

/** Between an environment's actions and the planner's, whose components lie in [-1, 1]. */
record ActionScale(Space space) {

    int size() {
        return space.size();
    }

    /** @param unit within [-1, 1] */
    double toEnvironment(int component, double unit) {
        double low = space.low(component);
        return low + (unit + 1) / 2 * (space.high(component) - low);
    }

    /** @return within [-1, 1] if the value is within its bounds */
    double toUnit(int component, double value) {
        double low = space.low(component);
        return 2 * (value - low) / (space.high(component) - low) - 1;
    }
}
