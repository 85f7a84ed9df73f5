package worldmodels.memory;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;

/**
 * What M remembers of a batch of episodes: the LSTM's h and c, one row per episode. {@link MdnRnn#advance} overwrites it. Holds native
 * memory until closed.
 */
public final class MemoryState implements AutoCloseable {

    private final NDManager manager;
    private final int batch;
    final NDArray h;
    final NDArray c;

    MemoryState(NDManager parent, int batch, int hidden) {
        this.manager = parent.newSubManager();
        this.batch = batch;
        this.h = manager.zeros(new Shape(batch, hidden));
        this.c = manager.zeros(new Shape(batch, hidden));
    }

    /** How many episodes it remembers. */
    public int batch() {
        return batch;
    }

    /** @return a copy of h, (batch, hidden) row-major: what a controller sees beside z */
    public float[] hidden() {
        return h.toFloatArray();
    }

    /** Forgets one row, for the next episode in its place. */
    public void forget(int row) {
        h.set(new NDIndex("{}", row), 0);
        c.set(new NDIndex("{}", row), 0);
    }

    /** Forgets everything. */
    public void forget() {
        h.set(new NDIndex(":"), 0);
        c.set(new NDIndex(":"), 0);
    }

    NDManager manager() {
        return manager;
    }

    @Override
    public void close() {
        manager.close();
    }
}
