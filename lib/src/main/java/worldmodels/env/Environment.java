package worldmodels.env;

import java.nio.ByteBuffer;

/**
 * A Markov decision process in Gymnasium's terms. Life-cycle: {@code reset}, then {@code step} until the transition says terminated or
 * truncated, then {@code reset} again. Not safe for use by two threads at once; use one environment per thread.
 */
public interface Environment extends AutoCloseable {

    /** What {@link #observe} writes: element type, shape and bounds. */
    Space observationSpace();

    /** What {@link #step} takes. */
    Space actionSpace();

    /** Starts the episode that belongs to a seed; the same seed always gives the same episode under the same actions. */
    void reset(long seed);

    /**
     * Advances one step.
     *
     * @param action {@code actionSpace().size()} values; not kept
     * @throws worldmodels.run.KitException if the action has another length or a value is not finite
     */
    Transition step(double[] action);

    /**
     * Writes the observation of the current state, {@code observationSpace().bytes()} bytes in row-major order, at the buffer's position
     * and advances it; float32 in the buffer's byte order. Drawing happens here, so a step that nobody observes costs no picture.
     */
    void observe(ByteBuffer target);

    /** The environment inside all wrappers, for what only that one knows (CarRacing's tiles). */
    default Environment unwrapped() {
        return this;
    }

    @Override
    default void close() {}
}
