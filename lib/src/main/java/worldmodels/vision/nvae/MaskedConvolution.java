package worldmodels.vision.nvae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import worldmodels.nn.ConvolutionOps;
import worldmodels.nn.Layers;

/**
 * A weight-normalised convolution that sees only what comes before, in the order row, column, channel (van den Oord et al. 2016, "Pixel recurrent neural
 * networks", section 3.4). Channels in and out belong to {@code orders} places of that order in turn: channel c to place c mod orders.
 *
 * <p>A strict one leaves a place itself out too. One strict convolution and then any number that are not make an autoregressive network.
 * Parameters as for {@link Convolution}; those that would look ahead stay 0.
 */
final class MaskedConvolution implements Layer {

    private final Convolution weights;
    private final NDArray mask;
    private final int padding;

    /** @param kernel odd */
    MaskedConvolution(Layers layers, int in, int out, int orders, int kernel, boolean strict) {
        padding = kernel / 2;
        weights = new Convolution(layers, in, out, kernel, 1, 1);
        mask = layers.kept("mask", layers.parameters().manager().create(mask(in, out, orders, kernel, strict), new Shape(out, in, kernel, kernel)));
        try (NDArray direction = weights.direction().mul(mask);
                NDArray length = direction.reshape(out, -1).square().sum(new int[] {1}).addi(1e-12f).sqrt().log()) {
            layers.parameters().set(layers.prefix() + "direction", direction);
            layers.parameters().set(layers.prefix() + "logLength", length);
        }
    }

    private static float[] mask(int in, int out, int orders, int kernel, boolean strict) {
        float[] mask = new float[out * in * kernel * kernel];
        int centre = kernel * kernel / 2;
        for (int i = 0; i < mask.length; i++) {
            int place = i % (kernel * kernel);
            int from = i / (kernel * kernel) % in % orders;
            int to = i / (kernel * kernel) / in % orders;
            boolean isBefore = place < centre || place == centre && (strict ? from < to : from <= to);
            mask[i] = isBefore ? 1 : 0;
        }
        return mask;
    }

    @Override
    public NDArray apply(NDArray x, boolean training) {
        return ConvolutionOps.maskedConv2d(x, weights.direction(), weights.logLength(), weights.bias(), mask, padding);
    }
}
