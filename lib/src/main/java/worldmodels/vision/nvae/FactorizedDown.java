package worldmodels.vision.nvae;

import ai.djl.ndarray.NDArray;

/**
 * Half the height and width: swish, then four convolutions of one pixel with stride 2, each on another of the four phases of the picture and
 * each giving a quarter of the channels, so that every pixel is seen.
 */
public final class FactorizedDown implements Layer {

    private final Convolution[] phases = new Convolution[4];

    /** @param out a multiple of 4 */
    FactorizedDown(Weights weights, int in, int out) {
        for (int i = 0; i < phases.length; i++) {
            phases[i] = new Convolution(weights.in("phase" + i), in, out / 4, 1, 2, 1);
        }
    }

    @Override
    public NDArray apply(NDArray x, boolean training) {
        NDArray h = Cell.swish().apply(x, training);
        NDArray y = phases[0].apply(h, training);
        return y.concat(phases[1].apply(h.get(":, :, 1:, :"), training), 1)
                .concat(phases[2].apply(h.get(":, :, :, 1:"), training), 1)
                .concat(phases[3].apply(h.get(":, :, 1:, 1:"), training), 1);
    }
}
