package worldmodels.vision.nvae;

import ai.djl.ndarray.NDArray;
import worldmodels.nn.ConvolutionOps;
import worldmodels.nn.Layers;

/** Twice the height and width: linear interpolation, then a convolution of one pixel to the new number of channels. */
public final class BilinearUp implements Layer {

    private final Convolution mix;

    BilinearUp(Layers layers, int in, int out) {
        mix = Convolution.one(layers.in("mix"), in, out);
    }

    @Override
    public NDArray apply(NDArray x, boolean training) {
        // A convolution of one pixel and an interpolation may change places; this order has a quarter of the work.
        return ConvolutionOps.doubled(mix.apply(x, training));
    }
}
