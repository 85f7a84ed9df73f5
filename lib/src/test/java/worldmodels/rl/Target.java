package worldmodels.rl;

import java.nio.ByteBuffer;
import worldmodels.env.Environment;
import worldmodels.env.Space;
import worldmodels.env.Transition;

/** A bandit with an arm for every number: one step, the less far from a wanted action the better, but for its variance by chance alone. Actions of 0 to 4. */
final class Target implements Environment {

    static final double WANTED = 3;

    @Override
    public Space observationSpace() {
        return Space.vector(new double[] {0}, new double[] {1});
    }

    @Override
    public Space actionSpace() {
        return Space.vector(new double[] {0}, new double[] {4});
    }

    @Override
    public void reset(long seed) {}

    @Override
    public Transition step(double[] action) {
        return new Transition(-Math.pow(action[0] - WANTED, 2), true, false);
    }

    @Override
    public void observe(ByteBuffer target) {
        target.putFloat(1);
    }
}
