package worldmodels.rl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import worldmodels.nn.Checkpoint;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

/**
 * The last transitions in a ring (Lin 1992; Mnih et al. 2015), drawn evenly and with replacement. All numbers are float32, and all memory is taken at
 * once: {@link #bytes} for good, and as much twice more while a checkpoint is written or read. What a draw gives depends on its seed and on the
 * transitions that were added.
 */
final class ReplayBuffer {

    private static final String NAME = Checkpoint.TRAINING + "replay";
    private static final int COPIES = 3;

    private final int capacity;
    private final int observation;
    private final int action;
    /** Numbers of a transition: s, a, r, whether the task goes on (1 or 0), s'. */
    private final int width;
    private final float[] rows;
    private final int batch;
    private final Column observations;
    private final Column pairs;
    private final Column rewards;
    private final Column next;
    private final Column discounts;
    private long added;

    /** One array of a batch, in memory that PyTorch reads without a copy. */
    private static final class Column {

        final int width;
        final float[] values;
        private final ByteBuffer memory;

        Column(int batch, int width) {
            this.width = width;
            values = new float[batch * width];
            memory = ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.nativeOrder());
        }

        NDArray array(NDManager manager) {
            memory.asFloatBuffer().put(values);
            return manager.create(memory.clear(), new Shape(values.length / width, width), DataType.FLOAT32);
        }
    }

    /**
     * @param capacity    transitions it holds; then each new one takes the oldest one's place
     * @param observation numbers of an observation
     * @param action      numbers of an action
     * @param batch       transitions of a draw
     * @throws KitException if this takes more memory than the process may use
     */
    ReplayBuffer(int capacity, int observation, int action, int batch) {
        this.capacity = capacity;
        this.observation = observation;
        this.action = action;
        this.batch = batch;
        this.width = 2 * observation + action + 2;
        long mostBytes = Math.min(Runtime.getRuntime().maxMemory() / COPIES, Integer.MAX_VALUE / 2);
        if (capacity < 1 || bytes() > mostBytes) {
            throw new KitException("A replay of " + capacity + " transitions of " + width + " numbers takes " + (bytes() >> 20) + " MiB and as much twice more"
                    + " while it is saved, here it may hold 1 to " + mostBytes / Float.BYTES / width + "; choose a capacity within these or raise WM_HEAP.");
        }
        rows = new float[capacity * width];
        observations = new Column(batch, observation);
        pairs = new Column(batch, observation + action);
        rewards = new Column(batch, 1);
        next = new Column(batch, observation);
        discounts = new Column(batch, 1);
    }

    /** The memory that its transitions take. */
    long bytes() {
        return (long) capacity * width * Float.BYTES;
    }

    /** How many transitions it holds. */
    int size() {
        return (int) Math.min(added, capacity);
    }

    void add(Moment moment) {
        int at = (int) (added++ % capacity) * width;
        System.arraycopy(moment.observation(), 0, rows, at, observation);
        at += observation;
        System.arraycopy(moment.action(), 0, rows, at, action);
        at += action;
        rows[at++] = (float) moment.reward();
        rows[at++] = moment.terminated() ? 0 : 1;
        System.arraycopy(moment.next(), 0, rows, at, observation);
    }

    /**
     * A batch.
     *
     * @param scope    owns the arrays, which the next draw overwrites
     * @param discount γ
     * @param seen     how networks see observations
     */
    Batch draw(NDManager scope, double discount, RunningNormalisation seen, long seed) {
        Pcg64 random = Pcg64.seeded(seed);
        for (int i = 0; i < batch; i++) {
            int at = random.integers(size()) * width;
            int pair = i * pairs.width;
            seen.apply(rows, at, pairs.values, pair);
            System.arraycopy(pairs.values, pair, observations.values, i * observation, observation);
            System.arraycopy(rows, at + observation, pairs.values, pair + observation, action);
            at += observation + action;
            rewards.values[i] = rows[at++];
            discounts.values[i] = (float) discount * rows[at++];
            seen.apply(rows, at, next.values, i * observation);
        }
        return new Batch(observations.array(scope), pairs.array(scope), rewards.array(scope), next.array(scope), discounts.array(scope));
    }

    void save(Checkpoint.Draft draft) {
        draft.put(NAME, Arrays.copyOf(rows, size() * width)).put(NAME + ".added", added);
    }

    void restore(Checkpoint found) {
        float[] held = found.floats(NAME);
        System.arraycopy(held, 0, rows, 0, held.length);
        added = found.longs(NAME + ".added")[0];
    }
}
