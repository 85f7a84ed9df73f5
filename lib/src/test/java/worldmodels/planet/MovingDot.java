package worldmodels.planet;

import java.nio.ByteBuffer;
import java.util.Arrays;
import worldmodels.env.Environment;
import worldmodels.env.Space;
import worldmodels.env.Transition;
import worldmodels.random.Pcg64;

/** A bright dot that the action pushes to the left or right, and a reward for being near the goal: a task whose dynamics fit in one line. */
final class MovingDot implements Environment {

    static final double SPEED = 0.25;
    static final double GOAL = 0.5;
    private static final int SIZE = 64;
    private static final int DOT = 12;

    private final int length;
    private double x;
    private int step;

    MovingDot(int length) {
        this.length = length;
    }

    static double next(double x, double action) {
        return Math.clamp(x + SPEED * action, -1, 1);
    }

    static double reward(double x) {
        return 1 - Math.abs(x - GOAL);
    }

    @Override
    public Space observationSpace() {
        return Space.pixels(SIZE, SIZE);
    }

    @Override
    public Space actionSpace() {
        return Space.vector(new double[] {-1}, new double[] {1});
    }

    @Override
    public void reset(long seed) {
        x = Pcg64.seeded(seed).uniform(-1, 1);
        step = 0;
    }

    @Override
    public Transition step(double[] action) {
        x = next(x, action[0]);
        step++;
        return new Transition(reward(x), false, step == length);
    }

    @Override
    public void observe(ByteBuffer target) {
        byte[] row = new byte[SIZE * 3];
        int left = (int) Math.round((x + 1) / 2 * (SIZE - DOT));
        Arrays.fill(row, left * 3, (left + DOT) * 3, (byte) 255);
        byte[] dark = new byte[SIZE * 3];
        for (int y = 0; y < SIZE; y++) {
            target.put(y >= 26 && y < 38 ? row : dark);
        }
    }
}
