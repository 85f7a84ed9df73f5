package worldmodels.planet;

/**
 * A world that can be asked what would happen: the true dynamics, for trying a planner before there is a model. Not safe for use by two threads at
 * once.
 *
 * @param <S> what describes a state
 */
public interface Simulator<S> extends AutoCloseable {

    /**
     * Plays actions from a state. Where the simulator stands afterwards does not matter.
     *
     * @param actions (horizon x action size), each within [-1, 1]
     * @return the sum of rewards, up to the end of the episode
     */
    double play(S state, double[] actions);

    @Override
    default void close() {}
}
