package worldmodels.env;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntConsumer;
import worldmodels.run.KitException;

/**
 * Many episodes of one task, called lanes, stepped together: real environments on threads ({@link ThreadedEnvironments}), or a model's dreams. A lane's
 * course depends on its seeds and actions only, never on the number of lanes.
 *
 * <p>Arrays have one entry per lane; actions lie lane after lane; observations lie at {@code lane * observationSpace().bytes()} of a buffer, whatever
 * its position, bytes or float32 in the buffer's byte order. One caller at a time.
 */
public interface BatchedEnvironment extends AutoCloseable {

    int lanes();

    /** The space of one lane's observation. */
    Space observationSpace();

    /** The space of one lane's action. */
    Space actionSpace();

    /** A direct buffer, little-endian as numpy's files are, that holds one observation per lane. */
    default ByteBuffer newObservations() {
        return ByteBuffer.allocateDirect(lanes() * observationSpace().bytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Starts new episodes.
     *
     * @param which        the lanes to reset (lanes)
     * @param seeds        the episodes' seeds (lanes); only those of marked lanes are read
     * @param observations receives the marked lanes' first observations; null when nobody looks
     */
    void reset(boolean[] which, long[] seeds, ByteBuffer observations);

    /**
     * Advances the active lanes by one step.
     *
     * @param active       the lanes to step (lanes); the others' entries stay as they are
     * @param actions      (lanes x action size)
     * @param rewards      receives the step's rewards (lanes)
     * @param terminated   receives whether the task ended (lanes)
     * @param truncated    receives whether the episode was cut off (lanes)
     * @param observations receives the observations after the step, an ended episode's last included; null when nobody looks, and no picture is drawn
     */
    void step(boolean[] active, double[] actions, double[] rewards, boolean[] terminated, boolean[] truncated, ByteBuffer observations);

    /**
     * Does a piece of work for each marked lane, on the threads that step them, and returns when all is done. Of several failures the one of
     * the lowest lane is thrown.
     */
    default void onLanes(boolean[] which, IntConsumer work) {
        for (int lane = 0; lane < lanes(); lane++) {
            if (which[lane]) {
                work.accept(lane);
            }
        }
    }

    /** @throws KitException if an array that is to hold something of every lane is too short */
    static void requireLength(String what, int length, int needed) {
        if (length < needed) {
            throw new KitException("The " + what + " of this batch of environments need " + needed + " entries, the array has " + length
                    + "; size it by lanes() and actionSpace().");
        }
    }

    /** @throws KitException if a buffer does not hold an observation of every lane */
    default void requireRoom(ByteBuffer observations) {
        int needed = lanes() * observationSpace().bytes();
        if (observations.capacity() < needed) {
            throw new KitException("The observations of " + lanes() + " lanes need " + needed + " bytes, the buffer has "
                    + observations.capacity() + "; allocate it with newObservations().");
        }
    }

    @Override
    default void close() {}
}
