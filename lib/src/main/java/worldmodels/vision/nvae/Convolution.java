package worldmodels.vision.nvae;

import ai.djl.ndarray.NDArray;
import worldmodels.nn.TorchOps;

/**
 * A weight-normalised convolution (Vahdat and Kautz 2020, section 3.2): w = exp(s) v / |v| per output channel, so that a weight's size is one
 * parameter, which the spectral regularisation can hold down. At first s = ln |v|, so that w = v.
 *
 * <p>Odd kernels keep height and width at stride 1, even ones halve them at stride 2. Parameters: out · (in / groups) · kernel² + 2 out.
 */
public final class Convolution implements Layer {

    private final Weights weights;
    private final int stride;
    private final int padding;
    private final int groups;

    /** @param groups 1, or {@code in} for a convolution of each channel by itself */
    Convolution(Weights weights, int in, int out, int kernel, int stride, int groups) {
        this.weights = weights;
        this.stride = stride;
        this.padding = (kernel - 1) / 2;
        this.groups = groups;
        long fanIn = (long) in / groups * kernel * kernel;
        weights.even("direction", fanIn, out, in / groups, kernel, kernel);
        weights.zeros("logLength", out);
        NDArray length = weights.array("direction").reshape(out, fanIn).square().sum(new int[] {1}).sqrt();
        try (length; NDArray logarithm = length.log()) {
            weights.parameters().set(weights.prefix() + "logLength", logarithm);
        }
        weights.zeros("bias", out);
    }

    /** A kernel of one pixel. */
    static Convolution one(Weights weights, int in, int out) {
        return new Convolution(weights, in, out, 1, 1, 1);
    }

    @Override
    public NDArray apply(NDArray x, boolean training) {
        return TorchOps.normalisedConv2d(x, weights.array("direction"), weights.array("logLength"), weights.array("bias"), stride, padding,
                groups);
    }
}
