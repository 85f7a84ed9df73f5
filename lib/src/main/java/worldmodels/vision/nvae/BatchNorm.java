package worldmodels.vision.nvae;

import ai.djl.ndarray.NDArray;
import worldmodels.nn.TorchOps;

/**
 * Batch normalisation with running statistics that follow slowly, momentum 0.05 (Vahdat and Kautz 2020, section 3.2: the usual 0.1 makes
 * evaluation unstable in so deep a network). Parameters: 2 channels; 2 channels are kept.
 */
public final class BatchNorm implements Layer {

    private static final double MOMENTUM = 0.05;
    private static final double EPSILON = 1e-5;

    private final Weights weights;

    BatchNorm(Weights weights, int channels) {
        this.weights = weights;
        weights.ones("scale", channels);
        weights.zeros("shift", channels);
        weights.kept("mean", 0, channels);
        weights.kept("variance", 1, channels);
    }

    @Override
    public NDArray apply(NDArray x, boolean training) {
        return TorchOps.batchNorm(x, weights.array("scale"), weights.array("shift"), weights.array("mean"), weights.array("variance"), training,
                MOMENTUM, EPSILON);
    }
}
