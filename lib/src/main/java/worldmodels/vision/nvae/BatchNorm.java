package worldmodels.vision.nvae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import worldmodels.nn.Layers;
import worldmodels.nn.NormalisationOps;

/**
 * Batch normalisation with running statistics that follow slowly, momentum 0.05 (Vahdat and Kautz 2020, section 3.2: the usual 0.1 makes
 * evaluation unstable in so deep a network). Parameters: 2 channels; 2 channels are kept.
 */
public final class BatchNorm implements Layer {

    private static final double MOMENTUM = 0.05;
    private static final double EPSILON = 1e-5;

    private final NDArray scale;
    private final NDArray shift;
    private final NDArray mean;
    private final NDArray variance;

    BatchNorm(Layers layers, int channels) {
        NDManager manager = layers.parameters().manager();
        scale = layers.constant("scale", 1, channels);
        shift = layers.zeros("shift", channels);
        mean = layers.kept("mean", manager.zeros(new Shape(channels)));
        variance = layers.kept("variance", manager.ones(new Shape(channels)));
    }

    @Override
    public NDArray apply(NDArray x, boolean training) {
        return NormalisationOps.batchNorm(x, scale, shift, mean, variance, training, MOMENTUM, EPSILON);
    }
}
