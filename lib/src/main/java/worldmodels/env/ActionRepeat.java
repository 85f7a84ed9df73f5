package worldmodels.env;

import worldmodels.run.KitException;

/**
 * Takes each action several times and sums the rewards (PlaNet, section 5 "action repeat"); stops early when the episode ends. Only the
 * last state is observed.
 */
public final class ActionRepeat extends Wrapper {

    private final int times;

    /** @throws KitException if {@code times} is below 1 */
    public ActionRepeat(Environment environment, int times) {
        super(environment);
        if (times < 1) {
            throw new KitException("An action must be repeated at least once, not " + times + " times.");
        }
        this.times = times;
    }

    @Override
    public Transition step(double[] action) {
        double reward = 0;
        Transition last = null;
        for (int i = 0; i < times && (last == null || !last.ended()); i++) {
            last = environment.step(action);
            reward += last.reward();
        }
        return new Transition(reward, last.terminated(), last.truncated());
    }
}
