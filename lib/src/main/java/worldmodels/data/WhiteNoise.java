package worldmodels.data;

import worldmodels.env.Space;
import worldmodels.random.Pcg64;

/** A fresh uniform action at each step, Gymnasium's {@code action_space.sample()}. Its mean is what moves the car: hardly at all. */
public final class WhiteNoise extends OpenLoop {

    public WhiteNoise(Space actionSpace, int lanes) {
        super(actionSpace, lanes);
    }

    @Override
    void choose(Pcg64 random, int time, double[] action) {
        uniform(random, action);
    }
}
