package worldmodels.rl;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import worldmodels.nn.Initialiser;
import worldmodels.nn.Layers;
import worldmodels.nn.TorchOps;

/**
 * An actor's or a critic's network of a {@link NetworkShape}; {@link PlainNetwork} is the same in plain Java.
 *
 * @param attention weighs the features before the dense layers; empty for none
 */
record Network(NetworkShape shape, List<Layers.Convolution> convolutions, Optional<Layers.Dense> attention, List<Layers.Dense> hidden, Layers.Dense output) {

    /**
     * Detail 2: orthogonal weights, of gain √2 but for the last layer, and biases of 0.
     *
     * @param seen     shape of an observation, as the environment has it
     * @param lastGain 0.01 for an actor, so that it begins without a wish of its own; 1 for a critic
     */
    static Network of(Layers layers, NetworkShape shape, int[] seen, Attention attention, int outputs, double lastGain) {
        Layers inner = layers.with(Initialiser.orthogonal(Math.sqrt(2)));
        List<Layers.Convolution> convolutions = new ArrayList<>();
        int channels = seen[seen.length - 1];
        int side = seen[0];
        for (NetworkShape.Filter filter : shape.filters()) {
            convolutions.add(inner.convolution("conv" + (convolutions.size() + 1), channels, filter.outputs(), filter.kernel(), filter.stride()));
            side = (side - filter.kernel()) / filter.stride() + 1;
            channels = filter.outputs();
        }
        int size = shape.filters().isEmpty() ? channels : side * side * channels;
        Optional<Layers.Dense> weights = attention == Attention.NONE ? Optional.empty()
                : Optional.of(layers.with(Initialiser.normal(0)).dense("attention", size, size));
        List<Layers.Dense> hidden = new ArrayList<>();
        for (int width : shape.widths()) {
            hidden.add(inner.dense("hidden" + (hidden.size() + 1), size, width));
            size = width;
        }
        return new Network(shape, List.copyOf(convolutions), weights, List.copyOf(hidden), layers.with(Initialiser.orthogonal(lastGain)).dense("output", size, outputs));
    }

    /** @param x (rows, numbers) or (rows, channels, height, width); @return (rows, outputs) */
    NDArray apply(NDArray x) {
        NDArray h = x;
        for (Layers.Convolution convolution : convolutions) {
            h = activated(convolution.apply(h));
        }
        h = convolutions.isEmpty() ? h : h.reshape(h.getShape().get(0), -1);
        if (attention.isPresent()) {
            h = TorchOps.times(h.mul(attention.get().apply(h).softmax(1)), h.getShape().get(1));
        }
        for (Layers.Dense layer : hidden) {
            h = activated(layer.apply(h));
        }
        return output.apply(h);
    }

    private NDArray activated(NDArray h) {
        return shape.rectified() ? Activation.relu(h) : h.tanh();
    }
}
