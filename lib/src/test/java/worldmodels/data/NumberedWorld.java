package worldmodels.data;

import java.nio.ByteBuffer;
import worldmodels.env.Environment;
import worldmodels.env.Space;
import worldmodels.env.Transition;

/** Each frame says which episode and step it is of: (seed, step mod 256, step / 256, ...). Episode {@code seed} has a length of its own. */
final class NumberedWorld implements Environment {

    static final int BYTES = 2 * 2 * 3;

    private long seed;
    private int time;

    static int length(long seed) {
        return (int) (20 + seed * 7 % 13);
    }

    @Override
    public Space observationSpace() {
        return Space.pixels(2, 2);
    }

    @Override
    public Space actionSpace() {
        return Space.vector(new double[] {-1, 0}, new double[] {1, 1});
    }

    @Override
    public void reset(long seed) {
        this.seed = seed;
        time = 0;
    }

    @Override
    public Transition step(double[] action) {
        time++;
        return new Transition(1000 * seed + time - 1, time == length(seed), false);
    }

    @Override
    public void observe(ByteBuffer target) {
        target.put((byte) seed).put((byte) time).put((byte) (time / 256)).put(new byte[BYTES - 3]);
    }
}
