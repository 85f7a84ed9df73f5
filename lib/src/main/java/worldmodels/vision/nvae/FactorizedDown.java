package worldmodels.vision.nvae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import worldmodels.nn.Layers;

/**
 * Half the height and width: swish, then four convolutions of one pixel with stride 2, each on another of the four phases of the picture and
 * each giving a quarter of the channels, so that every pixel is seen.
 */
public final class FactorizedDown implements Layer {

    private final Convolution[] phases = new Convolution[4];

    /** @param out a multiple of 4 */
    FactorizedDown(Layers layers, int in, int out) {
        for (int i = 0; i < phases.length; i++) {
            phases[i] = Convolution.one(layers.in("phase" + i), in, out / 4);
        }
    }

    @Override
    public NDArray apply(NDArray x, boolean training) {
        NDArray h = Cell.swish().apply(x, training);
        NDList parts = new NDList();
        for (int i = 0; i < phases.length; i++) {
            // Every second pixel, then a stride of 1: libtorch's 1x1 convolution with stride 2 writes beyond its memory on some processors.
            parts.add(phases[i].apply(h.get(":, :, " + i % 2 + "::2, " + i / 2 + "::2"), training));
        }
        return NDArrays.concat(parts, 1);
    }
}
