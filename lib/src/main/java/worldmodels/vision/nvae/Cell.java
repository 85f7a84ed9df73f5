package worldmodels.vision.nvae;

import ai.djl.ndarray.NDArray;
import worldmodels.nn.Layers;
import worldmodels.nn.TorchOps;

/**
 * A residual cell, {@code y = x + 0.1 F(x)} (Vahdat and Kautz 2020, figure 3). The small factor keeps deep stacks near the identity at first.
 *
 * <pre>
 * encoder   F = BN - swish - conv 3 - BN - swish - conv 3 - SE
 * decoder   F = BN - conv 1, C to eC - BN - swish - depthwise conv 5 - BN - swish - conv 1, eC to C - BN - SE
 * pointwise F = the decoder's with a conv 1 for the depthwise conv 5: "solely 1x1", the thesis' variant for panda-gym
 * </pre>
 */
public final class Cell implements Layer {

    private static final double RESIDUAL = 0.1;

    private final Layer residual;

    private Cell(Layer residual) {
        this.residual = residual;
    }

    static Layer swish() {
        return (x, training) -> TorchOps.swish(x);
    }

    static Cell encoder(Layers layers, int channels) {
        return new Cell(new BatchNorm(layers.in("norm1"), channels).then(swish())
                .then(new Convolution(layers.in("conv1"), channels, channels, 3, 1, 1))
                .then(new BatchNorm(layers.in("norm2"), channels)).then(swish())
                .then(new Convolution(layers.in("conv2"), channels, channels, 3, 1, 1))
                .then(new SqueezeExcitation(layers.in("se"), channels)));
    }

    /** @param expansion e: how many times wider the middle is */
    static Cell decoder(Layers layers, int channels, int expansion) {
        int wide = channels * expansion;
        return inverted(layers, channels, wide, new Convolution(layers.in("depthwise"), wide, wide, 5, 1, wide));
    }

    static Cell pointwise(Layers layers, int channels, int expansion) {
        int wide = channels * expansion;
        return inverted(layers, channels, wide, Convolution.one(layers.in("middle"), wide, wide));
    }

    private static Cell inverted(Layers layers, int channels, int wide, Layer middle) {
        return new Cell(new BatchNorm(layers.in("norm1"), channels)
                .then(Convolution.one(layers.in("expand"), channels, wide))
                .then(new BatchNorm(layers.in("norm2"), wide)).then(swish())
                .then(middle)
                .then(new BatchNorm(layers.in("norm3"), wide)).then(swish())
                .then(Convolution.one(layers.in("project"), wide, channels))
                .then(new BatchNorm(layers.in("norm4"), channels))
                .then(new SqueezeExcitation(layers.in("se"), channels)));
    }

    @Override
    public NDArray apply(NDArray x, boolean training) {
        return x.add(TorchOps.times(residual.apply(x, training), RESIDUAL));
    }
}
