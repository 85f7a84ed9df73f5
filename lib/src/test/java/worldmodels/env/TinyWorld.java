package worldmodels.env;

import java.nio.ByteBuffer;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

/**
 * A quick environment for tests: noise that depends on seed and actions, as reward and as picture, and a length of its own per seed. An
 * action with a first value above 100 is refused.
 */
public final class TinyWorld implements Environment {

    private final Space observation;
    private final Space action = Space.vector(new double[] {-1, 0, 0}, new double[] {1, 1, 1});
    private final int shortest;
    private final int longest;
    private Pcg64 random;
    private double state;
    private int left;

    /** Episodes of {@code shortest} to {@code longest} steps with {@code side} x {@code side} pictures. */
    public TinyWorld(int side, int shortest, int longest) {
        observation = Space.pixels(side, side);
        this.shortest = shortest;
        this.longest = longest;
    }

    @Override
    public Space observationSpace() {
        return observation;
    }

    @Override
    public Space actionSpace() {
        return action;
    }

    @Override
    public void reset(long seed) {
        random = Pcg64.seeded(seed);
        left = shortest + random.integers(longest - shortest + 1);
        state = random.nextDouble();
    }

    @Override
    public Transition step(double[] action) {
        if (action[0] > 100) {
            throw new KitException("The tiny world refuses " + action[0] + ".");
        }
        state = 0.9 * state + 0.1 * random.standardNormal() + 0.01 * action[0] + 0.02 * action[1] - 0.005 * action[2];
        return new Transition(state, --left == 0, false);
    }

    /** A few bands of colour, which compress about as well as a road does. */
    @Override
    public void observe(ByteBuffer target) {
        int bytes = observation.bytes();
        long bits = Double.doubleToLongBits(state);
        for (int i = 0; i < bytes; i++) {
            target.put((byte) (bits >>> 40 - 8 * (i * 3 / bytes)));
        }
    }
}
