package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import worldmodels.nn.Initialiser;
import worldmodels.nn.Parameters;
import worldmodels.nn.RecurrentOps;
import worldmodels.nn.Seeds;

/**
 * Makes a network's first weights: Glorot even, biases zero (TensorFlow's defaults, hence the authors').
 *
 * @param prefix of all names, e.g. {@code dynamics}
 * @param seed   each weight's noise comes from it and the weight's name
 */
record Weights(Parameters parameters, String prefix, long seed) {

    /** A dense layer. */
    record Dense(NDArray weight, NDArray bias) {

        /** @param x (rows, in); @return (rows, out) */
        NDArray of(NDArray x) {
            return Linear.linear(x, weight, bias).singletonOrThrow();
        }
    }

    /** A dense layer of two inputs: W x + V y + b. What y gives can be computed for all steps of a sequence at once, where x recurs. */
    record Junction(NDArray first, NDArray second, NDArray bias) {

        /** V y + b. */
        NDArray ofSecond(NDArray y) {
            return Linear.linear(y, second, bias).singletonOrThrow();
        }

        /** @param ofSecond what {@link #ofSecond} made of y */
        NDArray of(NDArray x, NDArray ofSecond) {
            return Linear.linear(x, first).singletonOrThrow().add(ofSecond);
        }
    }

    /** A gated recurrent unit; see {@link RecurrentOps#gruCell}. */
    record Gru(NDArray input, NDArray recurrent, NDArray inputBias, NDArray recurrentBias) {

        NDArray of(NDArray x, NDArray h) {
            return RecurrentOps.gruCell(x, h, input, recurrent, inputBias, recurrentBias);
        }
    }

    /** A convolution's, or a transposed one's, weight and bias. */
    record Kernel(NDArray weight, NDArray bias) {}

    Dense dense(String layer, int in, int out) {
        return new Dense(matrix(layer + ".weight", out, in), zeros(layer + ".bias", out));
    }

    Junction junction(String layer, String first, int firstIn, String second, int secondIn, int out) {
        return new Junction(matrix(layer + "." + first, out, firstIn), matrix(layer + "." + second, out, secondIn), zeros(layer + ".bias", out));
    }

    Gru gru(String layer, int in, int h) {
        return new Gru(matrix(layer + ".input", 3 * h, in), matrix(layer + ".recurrent", 3 * h, h), zeros(layer + ".inputBias", 3 * h),
                zeros(layer + ".recurrentBias", 3 * h));
    }

    /** (out, in) */
    private NDArray matrix(String name, int out, int in) {
        return glorot(name, new Shape(out, in), in, out);
    }

    private NDArray zeros(String name, int size) {
        return parameters.add(prefix + "." + name, parameters.manager().zeros(new Shape(size)));
    }

    Kernel convolution(String layer, int in, int out, int size) {
        return new Kernel(glorot(layer + ".weight", new Shape(out, in, size, size), (long) in * size * size, (long) out * size * size),
                zeros(layer + ".bias", out));
    }

    Kernel deconvolution(String layer, int in, int out, int size) {
        return new Kernel(glorot(layer + ".weight", new Shape(in, out, size, size), (long) in * size * size, (long) out * size * size),
                zeros(layer + ".bias", out));
    }

    private NDArray glorot(String name, Shape shape, long in, long out) {
        String full = prefix + "." + name;
        return parameters.add(full, Initialiser.GLOROT.draw(parameters.manager(), shape, in, out, Seeds.named(seed, full)));
    }
}
