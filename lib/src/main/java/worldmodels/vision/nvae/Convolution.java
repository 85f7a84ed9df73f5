package worldmodels.vision.nvae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import worldmodels.nn.ConvolutionOps;
import worldmodels.nn.Layers;

/**
 * A weight-normalised convolution (Vahdat and Kautz 2020, section 3.2): w = exp(s) v / |v| per output channel, so that a weight's size is one
 * parameter, which the spectral regularisation can hold down. At first s = ln |v|, so that w = v.
 *
 * <p>Odd kernels keep height and width at stride 1, even ones halve them at stride 2. Parameters: out · (in / groups) · kernel² + 2 out.
 */
public final class Convolution implements Layer {

    private final NDArray direction;
    private final NDArray logLength;
    private final NDArray bias;
    private final int stride;
    private final int padding;
    private final int groups;

    /** @param groups 1, or {@code in} for a convolution of each channel by itself */
    Convolution(Layers layers, int in, int out, int kernel, int stride, int groups) {
        this.stride = stride;
        this.padding = (kernel - 1) / 2;
        this.groups = groups;
        long fanIn = (long) in / groups * kernel * kernel;
        direction = layers.weight("direction", new Shape(out, in / groups, kernel, kernel), fanIn, (long) out / groups * kernel * kernel);
        logLength = layers.zeros("logLength", out);
        NDArray length = direction.reshape(out, fanIn).square().sum(new int[] {1}).sqrt();
        try (length; NDArray logarithm = length.log()) {
            layers.parameters().set(layers.prefix() + "logLength", logarithm);
        }
        bias = layers.zeros("bias", out);
    }

    /** A kernel of one pixel. */
    static Convolution one(Layers layers, int in, int out) {
        return new Convolution(layers, in, out, 1, 1, 1);
    }

    @Override
    public NDArray apply(NDArray x, boolean training) {
        return ConvolutionOps.normalisedConv2d(x, direction, logLength, bias, stride, padding, groups);
    }

    NDArray direction() {
        return direction;
    }

    NDArray logLength() {
        return logLength;
    }

    NDArray bias() {
        return bias;
    }
}
