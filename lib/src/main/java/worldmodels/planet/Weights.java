package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import worldmodels.nn.Initialisers;
import worldmodels.nn.Parameters;
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

    /** A convolution's, or a transposed one's, weight and bias. */
    record Kernel(NDArray weight, NDArray bias) {}

    Dense dense(String layer, int in, int out) {
        return new Dense(matrix(layer + ".weight", out, in), zeros(layer + ".bias", out));
    }

    /** (out, in) */
    NDArray matrix(String name, int out, int in) {
        return glorot(name, new Shape(out, in), in, out);
    }

    NDArray zeros(String name, int size) {
        return parameters.add(prefix + "." + name, Initialisers.zeros(parameters.manager(), size));
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
        return parameters.add(full, Initialisers.glorotUniform(parameters.manager(), shape, in, out, Seeds.named(seed, full)));
    }
}
