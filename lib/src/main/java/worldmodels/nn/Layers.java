package worldmodels.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a network's layers and their parameters: each weight's first values come from the network's seed and the weight's full name, so that no layer's
 * depend on the others'; biases begin at zero.
 *
 * {@snippet :
 * Layers layers = new Layers(parameters, seed).in("encoder");
 * Layers.Convolution conv = layers.convolution("conv1", 3, 32, 4, 2);        // encoder.conv1.weight, encoder.conv1.bias
 * NDArray h = Activation.relu(conv.apply(x));
 * }
 *
 * @param prefix  of all names: empty, or ending in a dot
 * @param initial how weights begin
 */
public record Layers(Parameters parameters, long seed, String prefix, Initialiser initial) {

    /** Glorot's first values, no prefix. */
    public Layers(Parameters parameters, long seed) {
        this(parameters, seed, "", Initialiser.GLOROT);
    }

    /** The part of the network that goes by a further name. */
    public Layers in(String part) {
        return new Layers(parameters, seed, prefix + part + ".", initial);
    }

    /** These, with other first values for weights. */
    public Layers with(Initialiser initial) {
        return new Layers(parameters, seed, prefix, initial);
    }

    /** y = x Wᵀ + b. */
    public record Dense(NDArray weight, NDArray bias) {

        /** @param x (rows, in); @return (rows, out) */
        public NDArray apply(NDArray x) {
            return Linear.linear(x, weight, bias).singletonOrThrow();
        }
    }

    /** Dense layers with relu between them. */
    public record Mlp(List<Dense> layers) {

        /** @param x (rows, in); @return (rows, out) */
        public NDArray apply(NDArray x) {
            NDArray h = x;
            for (Dense hidden : layers.subList(0, layers.size() - 1)) {
                h = Activation.relu(hidden.apply(h));
            }
            return layers.getLast().apply(h);
        }

        /** This network as a constant, whatever its weights become: a gradient passes through it to x, and none to the weights. */
        public Mlp frozen() {
            return new Mlp(layers.stream().map(layer -> new Dense(layer.weight.stopGradient(), layer.bias.stopGradient())).toList());
        }
    }

    /** A convolution without padding. */
    public record Convolution(NDArray weight, NDArray bias, int stride) {

        /** @param x (batch, in, height, width); @return (batch, out, (height - kernel) / stride + 1, ...) */
        public NDArray apply(NDArray x) {
            return Conv2d.conv2d(x, weight, bias, new Shape(stride, stride)).singletonOrThrow();
        }
    }

    /** A transposed convolution with stride 2, {@link ConvolutionOps#convTranspose2d}. */
    public record Deconvolution(NDArray weight, NDArray bias) {

        /** @param x (batch, in, height, width); @return (batch, out, 2 (height - 1) + kernel, ...) */
        public NDArray apply(NDArray x) {
            return ConvolutionOps.convTranspose2d(x, weight, bias);
        }
    }

    public Dense dense(String name, long in, long out) {
        return new Dense(matrix(name + ".weight", in, out), zeros(name + ".bias", out));
    }

    /** Layers {@code hidden1}, {@code hidden2}, ... and {@code output}. */
    public Mlp mlp(long in, int hiddenLayers, long width, long out) {
        List<Dense> layers = new ArrayList<>();
        long size = in;
        for (int layer = 1; layer <= hiddenLayers; layer++) {
            layers.add(dense("hidden" + layer, size, width));
            size = width;
        }
        layers.add(dense("output", size, out));
        return new Mlp(List.copyOf(layers));
    }

    public Convolution convolution(String name, long in, long out, int kernel, int stride) {
        return new Convolution(kernels(name + ".weight", new Shape(out, in, kernel, kernel), in, out), zeros(name + ".bias", out), stride);
    }

    public Deconvolution deconvolution(String name, long in, long out, int kernel) {
        return new Deconvolution(kernels(name + ".weight", new Shape(in, out, kernel, kernel), in, out), zeros(name + ".bias", out));
    }

    private NDArray kernels(String name, Shape shape, long in, long out) {
        long area = shape.get(2) * shape.get(3);
        return weight(name, shape, in * area, out * area);
    }

    /** A dense layer's weight by itself, (out, in). */
    public NDArray matrix(String name, long in, long out) {
        return weight(name, new Shape(out, in), in, out);
    }

    /** A weight of any shape; {@code in} and {@code out} as {@link Initialiser#draw} has them. */
    public NDArray weight(String name, Shape shape, long in, long out) {
        String full = prefix + name;
        return parameters.add(full, initial.draw(parameters.manager(), shape, in, out, Seeds.named(seed, full)));
    }

    public NDArray zeros(String name, long... shape) {
        return constant(name, 0, shape);
    }

    /** A parameter that begins with one value everywhere. */
    public NDArray constant(String name, float value, long... shape) {
        return parameters.add(prefix + name, parameters.manager().full(new Shape(shape), value));
    }

    /** A parameter that begins with these values, which it takes over. */
    public NDArray given(String name, NDArray values) {
        return parameters.add(prefix + name, values);
    }

    /** What is kept with the network and not trained; takes the values over. */
    public NDArray kept(String name, NDArray values) {
        return parameters.keep(prefix + name, values);
    }
}
