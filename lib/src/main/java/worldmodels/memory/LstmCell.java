package worldmodels.memory;

import worldmodels.nn.Parameters;

/**
 * One step of M's LSTM in plain Java, for acting and dreaming: with a copy of the weights and no gradients. Its equations are those of
 * {@link worldmodels.nn.RecurrentOps#lstm}; each row of a batch is computed by itself, so what one episode remembers does not depend on the
 * others, bit for bit, on any machine.
 */
final class LstmCell {

    private final int hidden;
    /** [x h] to the gates input, forget, candidate, output. */
    private final DenseRows gates;
    private float[] sums = {};

    LstmCell(Parameters parameters, int hidden) {
        this.hidden = hidden;
        gates = new DenseRows(parameters.array("lstm.bias").toFloatArray(), parameters.array("lstm.input").toFloatArray(),
                parameters.array("lstm.recurrent").toFloatArray());
    }

    /** Length of one row of [x h]. */
    int inputs() {
        return gates.inputs();
    }

    /**
     * h, c = LSTM(x, h, c) for some rows.
     *
     * @param xh    [x h] of each, (count, inputs + hidden)
     * @param rows  which rows of h and c they are, {@code count} of them
     * @param h     (batch, hidden), of which those rows are overwritten
     * @param c     likewise
     */
    void step(float[] xh, int[] rows, int count, float[] h, float[] c) {
        if (sums.length < count * gates.width()) {
            sums = new float[count * gates.width()];
        }
        gates.apply(xh, count, sums);
        for (int n = 0; n < count; n++) {
            int from = n * gates.width();
            int at = rows[n] * hidden;
            for (int i = 0; i < hidden; i++) {
                float kept = sigmoid(sums[from + hidden + i]) * c[at + i] + sigmoid(sums[from + i]) * tanh(sums[from + 2 * hidden + i]);
                c[at + i] = kept;
                h[at + i] = sigmoid(sums[from + 3 * hidden + i]) * tanh(kept);
            }
        }
    }

    static float sigmoid(float x) {
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
