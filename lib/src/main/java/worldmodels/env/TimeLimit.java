package worldmodels.env;

import worldmodels.run.KitException;

/** Truncates episodes after a number of steps, as Gymnasium's wrapper of this name does. */
public final class TimeLimit extends Wrapper {

    private final int limit;
    private int steps;

    /**
     * @param environment what to limit
     * @param limit       the step that truncates, at least 1; CarRacing's registered limit is 1000
     * @throws KitException if the limit is below 1
     */
    public TimeLimit(Environment environment, int limit) {
        super(environment);
        if (limit < 1) {
            throw new KitException("A time limit must be at least 1 step, not " + limit + "; look at rollouts.steps and evolution.steps of the preset.");
        }
        this.limit = limit;
    }

    @Override
    public void reset(long seed) {
        environment.reset(seed);
        steps = 0;
    }

    @Override
    public Transition step(double[] action) {
        Transition transition = environment.step(action);
        steps++;
        return steps < limit ? transition : new Transition(transition.reward(), transition.terminated(), true);
    }
}
