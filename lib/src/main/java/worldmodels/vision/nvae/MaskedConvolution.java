package worldmodels.vision.nvae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import worldmodels.nn.TorchOps;

/**
 * A weight-normalised convolution that sees only what comes before, in the order row, column, channel (van den Oord et al. 2016, "Pixel recurrent neural
 * networks", section 3.4). Channels in and out belong to {@code orders} places of that order in turn: channel c to place c mod orders.
 *
 * <p>A strict one leaves a place itself out too. One strict convolution and then any number that are not make an autoregressive network.
 * Parameters as for {@link Convolution}; those that would look ahead stay 0.
 */
final class MaskedConvolution implements Layer {

    private final Weights weights;
    private final int padding;

    /** @param kernel odd */
    MaskedConvolution(Weights weights, int in, int out, int orders, int kernel, boolean strict) {
        this.weights = weights;
        padding = kernel / 2;
        new Convolution(weights, in, out, kernel, 1, 1);
        Shape shape = new Shape(out, in, kernel, kernel);
        NDArray mask = weights.manager().create(mask(in, out, orders, kernel, strict), shape);
        weights.parameters().keep(weights.prefix() + "mask", mask);
        try (NDArray direction = weights.array("direction").mul(mask);
                NDArray length = direction.reshape(out, -1).square().sum(new int[] {1}).addi(1e-12f).sqrt().log()) {
            weights.parameters().set(weights.prefix() + "direction", direction);
            weights.parameters().set(weights.prefix() + "logLength", length);
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
        return TorchOps.maskedConv2d(x, weights.array("direction"), weights.array("logLength"), weights.array("bias"), weights.array("mask"),
                padding);
    }
}
