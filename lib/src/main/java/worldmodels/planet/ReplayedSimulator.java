package worldmodels.planet;

import worldmodels.env.Environment;
import worldmodels.env.Transition;

/**
 * Any environment as a {@link Simulator}: a state is the episode's seed and the actions so far, and is reached by playing them again. Exact for all
 * environments, and as slow as the episode is long; {@link ControlSimulator} need not go this way.
 */
public final class ReplayedSimulator implements Simulator<ReplayedSimulator.Past> {

    /**
     * How an episode came to where it is.
     *
     * @param seed    of the episode
     * @param actions so far (steps x action size), each within [-1, 1]
     */
    public record Past(long seed, double[] actions) {}

    private record Played(double reward, boolean ended) {}

    private final Environment environment;
    private final ActionScale scale;

    /** @param environment closed with this */
    public ReplayedSimulator(Environment environment) {
        this.environment = environment;
        this.scale = new ActionScale(environment.actionSpace());
    }

    @Override
    public double play(Past past, double[] actions) {
        environment.reset(past.seed());
        return run(past.actions()).ended ? 0 : run(actions).reward;
    }

    /** Stops where the episode ends. */
    private Played run(double[] actions) {
        int size = scale.size();
        double[] action = new double[size];
        double reward = 0;
        for (int t = 0; t < actions.length / size; t++) {
            for (int k = 0; k < size; k++) {
                action[k] = scale.toEnvironment(k, actions[t * size + k]);
            }
            Transition transition = environment.step(action);
            reward += transition.reward();
            if (transition.ended()) {
                return new Played(reward, true);
            }
        }
        return new Played(reward, false);
    }

    @Override
    public void close() {
        environment.close();
    }
}
