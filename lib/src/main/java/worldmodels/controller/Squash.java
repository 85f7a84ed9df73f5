package worldmodels.controller;

import worldmodels.env.Space;
import worldmodels.env.carracing.CarRacing;
import worldmodels.run.KitException;

/**
 * How a controller's raw outputs become an action within its bounds: a = tanh(raw), which then is either stretched over [low, high] or clipped to it.
 *
 * <pre>
 *   stretched:  high a where low = -high, low + (high - low) (a + 1) / 2 elsewhere       clipped:  max(low, min(a, high))
 * </pre>
 *
 * StrictMath, because a last digit that differs between machines becomes another episode within a few hundred steps.
 */
public final class Squash {

    private final double[] low;
    private final double[] high;
    private final boolean[] clipped;

    private Squash(Space actions, int... clipped) {
        int size = actions.size();
        this.low = new double[size];
        this.high = new double[size];
        this.clipped = new boolean[size];
        for (int i = 0; i < size; i++) {
            low[i] = actions.low(i);
            high[i] = actions.high(i);
            if (!Double.isFinite(high[i] - low[i])) {
                throw new KitException("Actions are squashed into bounds, but component " + i + " has " + low[i] + " to " + high[i]
                        + "; give the action space finite bounds.");
            }
        }
        for (int i : clipped) {
            this.clipped[i] = true;
        }
    }

    /**
     * Every tanh stretched over its component's bounds.
     *
     * @throws KitException if a component has no bounds
     */
    public static Squash into(Space actions) {
        return new Squash(actions);
    }

    /** As the authors drive their car (Ha and Schmidhuber 2018, their {@code model.py}): steering a, gas (a + 1) / 2, but the brake clipped at 0. */
    public static Squash ofCar() {
        return new Squash(CarRacing.ACTIONS, CarRacing.BRAKE);
    }

    /** How many components an action has. */
    public int size() {
        return low.length;
    }

    /** Squashes {@link #size} raw outputs from {@code offset} on, in place. */
    void apply(double[] action, int offset) {
        for (int i = 0; i < low.length; i++) {
            double a = StrictMath.tanh(action[offset + i]);
            if (clipped[i]) {
                a = Math.clamp(a, low[i], high[i]);
            } else if (low[i] == -high[i]) {
                a *= high[i];
            } else {
                a = low[i] + (high[i] - low[i]) * ((a + 1) / 2);
            }
            action[offset + i] = a;
        }
    }
}
