package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import worldmodels.nn.Layers;
import worldmodels.nn.RecurrentOps;
import worldmodels.nn.Seeds;

/**
 * A gated recurrent unit; {@link RecurrentOps#gruCell} has its equations. Its reset gate comes after the product with h (cuDNN's and PyTorch's form); the
 * authors' cell has it before (Cho et al. 2014). Rows of the matrices are the reset gate, the update gate and the candidate.
 */
record Gru(NDArray input, NDArray recurrent, NDArray inputBias, NDArray recurrentBias) {

    static Gru of(Layers layers, int in, int h, FirstWeights first) {
        return new Gru(first.joined() ? joined(layers, "input", in, in, h) : layers.matrix("input", in, 3 * h),
                first.joined() ? joined(layers, "recurrent", h, in, h) : layers.matrix("recurrent", h, 3 * h),
                layers.given("inputBias", gates(layers.parameters().manager(), first.gateBias(), h)), layers.zeros("recurrentBias", 3 * h));
    }

    /** The part of [x h]'s matrices that stands on {@code columns} inputs: one matrix of both gates and one of the candidate, as the authors' cell has them. */
    private static NDArray joined(Layers layers, String name, int columns, int in, int h) {
        NDManager manager = layers.parameters().manager();
        String full = layers.prefix() + name;
        try (NDArray gates = layers.initial().draw(manager, new Shape(2 * h, columns), in + h, 2 * h, Seeds.named(layers.seed(), full + ".gates"));
                NDArray candidate = layers.initial().draw(manager, new Shape(h, columns), in + h, h, Seeds.named(layers.seed(), full + ".candidate"))) {
            return layers.given(name, gates.concat(candidate, 0));
        }
    }

    private static NDArray gates(NDManager manager, double bias, int h) {
        float[] values = new float[3 * h];
        Arrays.fill(values, 0, 2 * h, (float) bias);
        return manager.create(values);
    }

    /** @param x (rows, in); @param h (rows, h); @return the next h */
    NDArray apply(NDArray x, NDArray h) {
        return RecurrentOps.gruCell(x, h, input, recurrent, inputBias, recurrentBias);
    }
}
