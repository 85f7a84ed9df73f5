package worldmodels.data;

import worldmodels.env.Space;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

/**
 * CarRacing only: full gas with a little left for 20 steps, so that the car is moving, then one thing at a time (coast, gas, left, right
 * or brake, by a random amount), held for 20 steps. The push is what AppliedDataSciencePartners/WorldModels found to be needed; there, too,
 * gas is the most and braking the least likely.
 */
public final class PushThenHeld extends OpenLoop {

    private static final int STEPS = 20;

    /** @throws KitException if the actions are not CarRacing's steering, gas and brake */
    public PushThenHeld(Space actionSpace, int lanes) {
        super(actionSpace, lanes);
        if (actionSpace.size() != 3) {
            throw new KitException("A push needs steering, gas and brake, but actions here have " + actionSpace.size()
                    + " values; choose HELD, BROWNIAN or WHITE_NOISE.");
        }
    }

    @Override
    void choose(Pcg64 random, int time, double[] action) {
        if (time < STEPS) {
            set(action, -0.1, 1, 0);
        } else if (time % STEPS == 0) {
            int kind = random.integers(11);
            double amount = random.nextDouble();
            if (kind == 0) {
                set(action, 0, 0, 0);
            } else if (kind <= 4) {
                set(action, 0, amount, 0);
            } else if (kind <= 7) {
                set(action, -amount, 0, 0);
            } else if (kind <= 9) {
                set(action, amount, 0, 0);
            } else {
                set(action, 0, 0, amount);
            }
        }
    }

    private static void set(double[] action, double steering, double gas, double brake) {
        action[0] = steering;
        action[1] = gas;
        action[2] = brake;
    }
}
