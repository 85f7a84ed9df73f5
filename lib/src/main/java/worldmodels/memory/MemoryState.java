package worldmodels.memory;

import java.util.Arrays;
import worldmodels.nn.Parameters;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

/**
 * What M remembers of a batch of episodes, the LSTM's h and c, one row per episode, and what it expects next of them. It holds what M had learned
 * when {@link MdnRnn#initial} made it. One thread at a time; rows do not depend on each other.
 */
public final class MemoryState {

    private final MdnRnnShape shape;
    private final LstmCell cell;
    private final DenseRows output;
    private final int batch;
    private final float[] h;
    private final float[] c;
    private final int[] rows;
    private final float[] inputs;
    private final float[] packed;
    private final float[] expected;
    private final float[] weights;

    MemoryState(MdnRnnShape shape, Parameters parameters, int batch) {
        this.shape = shape;
        this.cell = new LstmCell(parameters, shape.hidden());
        this.output = new DenseRows(parameters.array("output.bias").toFloatArray(), parameters.array("output.weight").toFloatArray());
        this.batch = batch;
        h = new float[batch * shape.hidden()];
        c = new float[batch * shape.hidden()];
        rows = new int[batch];
        inputs = new float[batch * cell.inputs()];
        packed = new float[batch * output.width()];
        expected = new float[batch * output.width()];
        weights = new float[shape.mixtures()];
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
     * Takes one step of some episodes in: h, c = LSTM([z a], h, c).
     *
     * @param active the rows that step, (batch)
     * @param z      (batch, latent) row-major, of which those rows are read
     * @param action (batch, actions) row-major, likewise
     */
    public void advance(boolean[] active, float[] z, double[] action) {
        int latent = shape.latent();
        int actions = shape.actions();
        if (z.length < batch * latent || action.length < batch * actions) {
            throw new KitException("The memory of " + batch + " episodes was given " + z.length + " latents and " + action.length
                    + " actions; it takes " + latent + " and " + actions + " per episode.");
        }
        int count = 0;
        for (int row = 0; row < batch; row++) {
            if (active[row]) {
                int at = count * cell.inputs();
                System.arraycopy(z, row * latent, inputs, at, latent);
                for (int a = 0; a < actions; a++) {
                    inputs[at + latent + a] = (float) action[row * actions + a];
                }
                System.arraycopy(h, row * shape.hidden(), inputs, at + latent + actions, shape.hidden());
                rows[count++] = row;
            }
        }
        cell.step(inputs, rows, count, h, c);
    }

    /** {@link #advance(boolean[], float[], double[])} of every row. */
    public void advance(float[] z, double[] action) {
        advance(all(), z, action);
    }

    private boolean[] all() {
        boolean[] all = new boolean[batch];
        Arrays.fill(all, true);
        return all;
    }

    /** Works out what M expects to come after the steps that these rows were advanced through; {@link #sample}, {@link #reward} and {@link #end} tell. */
    public void expect(boolean[] active) {
        int count = 0;
        for (int row = 0; row < batch; row++) {
            if (active[row]) {
                System.arraycopy(h, row * shape.hidden(), inputs, count * shape.hidden(), shape.hidden());
                rows[count++] = row;
            }
        }
        output.apply(inputs, count, packed);
        for (int n = 0; n < count; n++) {
            System.arraycopy(packed, n * output.width(), expected, rows[n] * output.width(), output.width());
        }
    }

    /** Draws the next z of a row, as {@link Mixture#sample}. */
    public void sample(int row, double temperature, Pcg64 random, float[] z, int offset) {
        int block = shape.mixtures() * shape.latent();
        int at = row * output.width();
        for (int d = 0; d < shape.latent(); d++) {
            z[offset + d] = Mixture.draw(expected, at + d, expected, at + block + d, expected, at + 2 * block + d, shape.latent(), weights, temperature, random);
        }
    }

    /** M's loss if this z comes next: the mean over its dimensions of -ln p(z), in nats ({@link Mixture#negativeLogLikelihood}). */
    public double surprise(int row, float[] z, int offset) {
        int block = shape.mixtures() * shape.latent();
        int at = row * output.width();
        double sum = 0;
        for (int d = 0; d < shape.latent(); d++) {
            sum -= Mixture.logDensity(expected, at + d, expected, at + block + d, expected, at + 2 * block + d, shape.latent(), shape.mixtures(), z[offset + d]);
        }
        return sum / shape.latent();
    }

    /** The expected reward of a row's step; the model has that head. */
    public float reward(int row) {
        return expected[row * output.width() + shape.mixtureOutputs()];
    }

    /** The probability that a row's episode ends with its step; the model has that head. */
    public float end(int row) {
        return LstmCell.sigmoid(expected[row * output.width() + shape.mixtureOutputs() + (shape.reward() ? 1 : 0)]);
    }

    /** The model's outputs for every row, (batch, outputs). */
    float[] outputs() {
        expect(all());
        float[] outputs = new float[batch * shape.outputs()];
        for (int row = 0; row < batch; row++) {
            System.arraycopy(expected, row * output.width(), outputs, row * shape.outputs(), shape.outputs());
        }
        return outputs;
    }
}
