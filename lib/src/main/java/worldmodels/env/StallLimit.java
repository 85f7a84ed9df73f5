package worldmodels.env;

import worldmodels.run.KitException;

/**
 * A {@link TimeLimit} that does not wait for the hopeless: an episode without a reward above 0 for some steps is truncated early, and its
 * last reward also holds what the steps up to the limit would have paid at the same rate. In CarRacing that is -0.1 a step, so a car that stands
 * in the grass gets the return it would have had, in a fraction of the steps; one that would have found the road again gets less than it
 * would have had. For training; scores are reported on whole episodes.
 */
public final class StallLimit extends Wrapper {

    private final int limit;
    private final int patience;
    private final boolean pays;
    private int steps;
    private int lastReward;

    /**
     * @param environment what to limit
     * @param limit       the step that truncates in any case
     * @param patience    how many steps without a reward above 0 are waited for
     * @throws KitException if either is below 1
     */
    public StallLimit(Environment environment, int limit, int patience) {
        this(environment, limit, patience, true);
    }

    private StallLimit(Environment environment, int limit, int patience, boolean pays) {
        super(new TimeLimit(environment, limit));
        if (patience < 1) {
            throw new KitException("Patience must be at least 1 step, not " + patience + "; leave the wrapper out to wait for ever.");
        }
        this.limit = limit;
        this.patience = patience;
        this.pays = pays;
    }

    /** One that only ends such episodes: the last reward is what that step paid. For recording what happens. */
    public static StallLimit withoutForecast(Environment environment, int limit, int patience) {
        return new StallLimit(environment, limit, patience, false);
    }

    @Override
    public void reset(long seed) {
        environment.reset(seed);
        steps = 0;
        lastReward = 0;
    }

    @Override
    public Transition step(double[] action) {
        Transition transition = environment.step(action);
        steps++;
        if (transition.reward() > 0) {
            lastReward = steps;
        }
        if (transition.ended() || steps - lastReward < patience) {
            return transition;
        }
        return new Transition(transition.reward() * (pays ? 1 + limit - steps : 1), false, true);
    }
}
