package worldmodels.memory;

import java.lang.foreign.MemorySegment;
import worldmodels.nn.Parameters;
import worldmodels.nn.RowSums;

/**
 * One step of M's LSTM in plain Java, for acting: with a copy of the weights and no gradients. The same equations as
 * {@link worldmodels.nn.RecurrentOps#lstm}; each row of a batch is computed by itself, so what one episode remembers does not depend on the
 * others, bit for bit, on any machine.
 */
final class LstmCell {

    private static final RowSums SUMS = RowSums.INSTANCE;

    private final int inputs;
    private final int hidden;
    /** Gates input, forget, candidate, output, in whole blocks. */
    private final int gates;
    private final MemorySegment weights;
    private final float[] bias;

    private final int[] row;
    private final float[] value;
    private final float[] sums;

    LstmCell(Parameters parameters, int inputs, int hidden) {
        this.inputs = inputs;
        this.hidden = hidden;
        gates = (4 * hidden + RowSums.COLUMNS - 1) / RowSums.COLUMNS * RowSums.COLUMNS;
        float[] placed = new float[(inputs + hidden) * gates];
        bias = new float[gates];
        sums = new float[gates];
        row = new int[inputs + hidden];
        value = new float[inputs + hidden];
        for (int i = 0; i < row.length; i++) {
            row[i] = i * RowSums.COLUMNS;
        }
        place(parameters.array("lstm.input").toFloatArray(), inputs, 0, placed);
        place(parameters.array("lstm.recurrent").toFloatArray(), hidden, inputs, placed);
        weights = RowSums.weights(placed);
        System.arraycopy(parameters.array("lstm.bias").toFloatArray(), 0, bias, 0, 4 * hidden);
    }

    /** @param matrix (4 * hidden, columns) */
    private void place(float[] matrix, int columns, int firstRow, float[] placed) {
        for (int gate = 0; gate < 4 * hidden; gate++) {
            int block = gate / RowSums.COLUMNS * (inputs + hidden) * RowSums.COLUMNS;
            for (int i = 0; i < columns; i++) {
                placed[block + (firstRow + i) * RowSums.COLUMNS + gate % RowSums.COLUMNS] = matrix[gate * columns + i];
            }
        }
    }

    /**
     * h, c = LSTM(x, h, c) for one row.
     *
     * @param x  where the row's inputs are written before the call, {@code inputs} of them
     * @param h  (batch, hidden), of which the row at {@code at} is overwritten
     * @param c  likewise
     * @param at the row's first index in {@code h} and {@code c}
     */
    void step(float[] x, float[] h, float[] c, int at) {
        System.arraycopy(x, 0, value, 0, inputs);
        System.arraycopy(h, at, value, inputs, hidden);
        System.arraycopy(bias, 0, sums, 0, gates);
        for (int column = 0; column < gates; column += RowSums.COLUMNS) {
            SUMS.add(sums, column, weights, column * row.length, row, value, 0, row.length);
        }
        for (int i = 0; i < hidden; i++) {
            float kept = sigmoid(sums[hidden + i]) * c[at + i] + sigmoid(sums[i]) * tanh(sums[2 * hidden + i]);
            c[at + i] = kept;
            h[at + i] = sigmoid(sums[3 * hidden + i]) * tanh(kept);
        }
    }

    private static float sigmoid(float x) {
        return 1 / (1 + exp(-x));
    }

    private static float tanh(float x) {
        float e = exp(-2 * Math.abs(x));
        return Math.copySign((1 - e) / (1 + e), x);
    }

    /**
     * e to the x within 2 units in the last place, by 2 to a whole number times a polynomial: only sums and products, so that every machine
     * gives the same bits, which {@link Math#exp} does not promise. Beyond ±87 the result stays where it is there.
     */
    static float exp(float x) {
        float bounded = Math.clamp(x, -87f, 87f);
        float whole = (float) Math.rint(bounded * 1.44269504f);
        // ln 2 in two parts, the first exact in few bits.
        float rest = Math.fma(whole, 2.12194440e-4f, Math.fma(whole, -0.693359375f, bounded));
        float p = Math.fma(rest, 1.9875691500e-4f, 1.3981999507e-3f);
        p = Math.fma(rest, p, 8.3334519073e-3f);
        p = Math.fma(rest, p, 4.1665795894e-2f);
        p = Math.fma(rest, p, 1.6666665459e-1f);
        p = Math.fma(rest, p, 5.0000001201e-1f);
        p = Math.fma(rest * rest, p, rest) + 1;
        return p * Float.intBitsToFloat(((int) whole + 127) << 23);
    }
}
