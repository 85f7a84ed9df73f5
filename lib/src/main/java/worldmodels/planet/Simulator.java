package worldmodels.planet;

/**
 * A world that can be asked what would happen: the true dynamics, for trying a planner before there is a model. Not safe for use by two threads at
 * once.
 */
public interface Simulator extends AutoCloseable {

    /** Values of one action. */
    int actionSize();

    /**
     * Plays actions from a state, and is back in that state afterwards.
     *
     * @param state   as the simulator's owner describes it
     * @param actions (horizon x action size), each within [-1, 1]
     * @return the sum of rewards
     */
    double play(double[] state, double[] actions);

    @Override
    default void close() {}
}
