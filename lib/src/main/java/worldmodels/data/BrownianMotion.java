package worldmodels.data;

import worldmodels.env.Space;
import worldmodels.random.Pcg64;

/**
 * A uniform first action, then a random walk a' = clip(a + sqrt(dt) N(0, 1)) with dt = 1/50 s, as in ctallec/world-models: the car keeps
 * turning, accelerating or braking for a while, and so gets somewhere.
 */
public final class BrownianMotion extends OpenLoop {

    private static final double STEP = Math.sqrt(1.0 / 50);

    public BrownianMotion(Space actionSpace, int lanes) {
        super(actionSpace, lanes);
    }

    @Override
    void choose(Pcg64 random, int time, double[] action) {
        if (time == 0) {
            uniform(random, action);
            return;
        }
        for (int i = 0; i < action.length; i++) {
            action[i] = Math.clamp(action[i] + STEP * random.standardNormal(), space.low(i), space.high(i));
        }
    }
}
