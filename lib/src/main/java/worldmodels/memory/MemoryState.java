package worldmodels.memory;

import java.util.Arrays;
import worldmodels.run.KitException;

/**
 * What M remembers of a batch of episodes: the LSTM's h and c, one row per episode. It holds what M had learned when
 * {@link MdnRnn#initial} made it. One thread at a time.
 */
public final class MemoryState {

    private final MdnRnnShape shape;
    private final LstmCell cell;
    private final int batch;
    private final float[] h;
    private final float[] c;
    private final float[] x;

    MemoryState(MdnRnnShape shape, LstmCell cell, int batch) {
        this.shape = shape;
        this.cell = cell;
        this.batch = batch;
        h = new float[batch * shape.hidden()];
        c = new float[batch * shape.hidden()];
        x = new float[shape.inputs()];
    }

    /** How many episodes it remembers. */
    public int batch() {
        return batch;
    }

    /** @return a copy of h, (batch, hidden) row-major */
    public float[] hidden() {
        return h.clone();
    }

    /** Copies one row of h, what a controller sees beside z, to {@code target[at]} and on. */
    public void hidden(int row, float[] target, int at) {
        System.arraycopy(h, row * shape.hidden(), target, at, shape.hidden());
    }

    /** Forgets one row, for the next episode in its place. */
    public void forget(int row) {
        Arrays.fill(h, row * shape.hidden(), (row + 1) * shape.hidden(), 0);
        Arrays.fill(c, row * shape.hidden(), (row + 1) * shape.hidden(), 0);
    }

    /**
     * Takes one step of one episode in: h, c = LSTM([z a], h, c). Rows do not depend on each other.
     *
     * @param z      (batch, latent) row-major, of which the row is read
     * @param action (batch, actions) row-major, likewise
     */
    public void advance(int row, float[] z, double[] action) {
        int latent = shape.latent();
        int actions = shape.actions();
        if (z.length < batch * latent || action.length < batch * actions) {
            throw new KitException("The memory of " + batch + " episodes was given " + z.length + " latents and " + action.length
                    + " actions; it takes " + latent + " and " + actions + " per episode.");
        }
        System.arraycopy(z, row * latent, x, 0, latent);
        for (int a = 0; a < actions; a++) {
            x[latent + a] = (float) action[row * actions + a];
        }
        cell.step(x, h, c, row * shape.hidden());
    }

    /** {@link #advance(int, float[], double[])} of every row. */
    public void advance(float[] z, double[] action) {
        for (int row = 0; row < batch; row++) {
            advance(row, z, action);
        }
    }
}
