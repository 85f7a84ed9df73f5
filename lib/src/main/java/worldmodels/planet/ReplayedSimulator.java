package worldmodels.planet;

import java.util.Arrays;
import worldmodels.env.Environment;
import worldmodels.env.Transition;

/**
 * Any environment as a {@link Simulator}: a state is the episode's seed and the actions so far, and is reached by playing them again. Exact for all
 * environments, and as slow as the episode is long; environments whose state can be set need not go this way.
 */
public final class ReplayedSimulator implements Simulator {

    private final Environment environment;
    private final ActionScale scale;

    /** @param environment closed with this */
    public ReplayedSimulator(Environment environment) {
        this.environment = environment;
        this.scale = new ActionScale(environment.actionSpace());
    }

    @Override
    public int actionSize() {
        return scale.size();
    }

    /**
     * @param seed    of the episode, below 2^53
     * @param actions so far, each within [-1, 1]
     * @return what {@link #play} takes
     */
    public static double[] state(long seed, double[] actions) {
        double[] state = new double[1 + actions.length];
        state[0] = seed;
        System.arraycopy(actions, 0, state, 1, actions.length);
        return state;
    }

    @Override
    public double play(double[] state, double[] actions) {
        environment.reset((long) state[0]);
        boolean ended = run(Arrays.copyOfRange(state, 1, state.length)).ended;
        return ended ? 0 : run(actions).reward;
    }

    private record Played(double reward, boolean ended) {}

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
