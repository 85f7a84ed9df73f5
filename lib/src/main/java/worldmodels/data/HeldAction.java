package worldmodels.data;

import worldmodels.env.Space;
import worldmodels.random.Pcg64;

/** A uniform action that is held for a number of steps, then another one. */
public final class HeldAction extends OpenLoop {

    private final int steps;

    /** @param steps how long each action is held, at least 1 */
    public HeldAction(Space actionSpace, int lanes, int steps) {
        super(actionSpace, lanes);
        this.steps = steps;
    }

    @Override
    void choose(Pcg64 random, int time, double[] action) {
        if (time % steps == 0) {
            uniform(random, action);
        }
    }
}
