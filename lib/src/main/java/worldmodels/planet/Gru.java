package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import worldmodels.nn.Layers;
import worldmodels.nn.RecurrentOps;

/** A gated recurrent unit; {@link RecurrentOps#gruCell} has its equations. */
record Gru(NDArray input, NDArray recurrent, NDArray inputBias, NDArray recurrentBias) {

    static Gru of(Layers layers, int in, int h) {
        return new Gru(layers.matrix("input", in, 3 * h), layers.matrix("recurrent", h, 3 * h), layers.zeros("inputBias", 3 * h),
                layers.zeros("recurrentBias", 3 * h));
    }

    /** @param x (rows, in); @param h (rows, h); @return the next h */
    NDArray apply(NDArray x, NDArray h) {
        return RecurrentOps.gruCell(x, h, input, recurrent, inputBias, recurrentBias);
    }
}
