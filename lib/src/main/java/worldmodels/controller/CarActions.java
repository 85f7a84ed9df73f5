package worldmodels.controller;

/** The car's three controls and the authors' ranges for them. */
public final class CarActions {

    /** Steering, gas, brake. */
    public static final int COUNT = 3;

    private CarActions() {}

    /**
     * Squashes three raw outputs in place: a = tanh(raw); steer a in [-1, 1]; gas (a + 1) / 2 in [0, 1]; brake clip(a, 0, 1). StrictMath,
     * because a last digit that differs between machines becomes another episode within a few hundred steps.
     */
    static void squash(double[] action, int offset) {
        action[offset] = StrictMath.tanh(action[offset]);
        action[offset + 1] = (StrictMath.tanh(action[offset + 1]) + 1) / 2;
        action[offset + 2] = Math.max(0, StrictMath.tanh(action[offset + 2]));
    }
}
