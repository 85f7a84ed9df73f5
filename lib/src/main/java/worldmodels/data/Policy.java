package worldmodels.data;

import java.nio.ByteBuffer;

/**
 * The one way anything acts: exploration, a trained agent, a whole population of controllers. Acts for all lanes of a batch at once. A
 * policy that treats lanes independently, with randomness that derives from each episode's seed, gives the same episodes whatever the
 * number of lanes.
 *
 * <p>Called from one thread. Life-cycle per lane: {@code start}, then {@code act} once per step, until the next {@code start}.
 */
public interface Policy extends AutoCloseable {

    /** A new episode begins in a lane: forget the last one, take the job's candidate and seed. */
    void start(int lane, EpisodeJob job);

    /**
     * Chooses the active lanes' actions.
     *
     * @param observations direct buffer of (lanes, observation bytes) at position 0; null if the policy does not look
     * @param active       the lanes that act (lanes); entries of other lanes are left over from before
     * @param actions      receives (lanes x action size); entries of inactive lanes are ignored
     */
    void act(ByteBuffer observations, boolean[] active, double[] actions);

    /** Whether the policy reads observations; false for open-loop policies, for which no picture is drawn unless someone else looks. */
    default boolean looks() {
        return true;
    }

    @Override
    default void close() {}
}
