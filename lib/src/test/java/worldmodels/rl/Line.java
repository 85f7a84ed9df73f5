package worldmodels.rl;

import java.nio.ByteBuffer;
import worldmodels.env.GoalEnvironment;
import worldmodels.env.Space;
import worldmodels.env.Transition;
import worldmodels.random.Pcg64;

/** A point on a line from which a goal within ±1 is wanted: actions of ±5 move it by up to 0.2; sparse reward within 0.1; 12 steps. */
final class Line implements GoalEnvironment {

    private static final Space NUMBER = Space.vector(new double[] {-10}, new double[] {10});

    private final boolean endsAtSuccess;
    private double x;
    private double goal;
    private int steps;

    Line(boolean endsAtSuccess) {
        this.endsAtSuccess = endsAtSuccess;
    }

    @Override
    public Space observationSpace() {
        return Space.vector(new double[] {-10, -10, -10}, new double[] {10, 10, 10});
    }

    @Override
    public Space actionSpace() {
        return Space.vector(new double[] {-5}, new double[] {5});
    }

    @Override
    public void reset(long seed) {
        x = 0;
        goal = Pcg64.seeded(seed).uniform(-1, 1);
        steps = 0;
    }

    @Override
    public Transition step(double[] action) {
        x += 0.04 * action[0];
        boolean isThere = isSuccess(achievedGoal(), desiredGoal());
        return new Transition(reward(achievedGoal(), desiredGoal()), endsAtSuccess && isThere, ++steps == 12);
    }

    @Override
    public void observe(ByteBuffer target) {
        target.putFloat((float) (x * x)).putFloat((float) x).putFloat((float) goal);
    }

    @Override
    public Space goalSpace() {
        return NUMBER;
    }

    @Override
    public double[] achievedGoal() {
        return new double[] {(float) x};
    }

    @Override
    public double[] desiredGoal() {
        return new double[] {goal};
    }

    @Override
    public double reward(double[] achieved, double[] desired) {
        return isSuccess(achieved, desired) ? 0 : -1;
    }

    @Override
    public boolean isSuccess(double[] achieved, double[] desired) {
        return Math.abs(achieved[0] - desired[0]) < 0.1;
    }

    @Override
    public boolean endsAtSuccess() {
        return endsAtSuccess;
    }
}
