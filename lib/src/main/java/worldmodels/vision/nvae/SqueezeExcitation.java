package worldmodels.vision.nvae;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;

/**
 * Squeeze and excitation (Hu et al. 2018): each channel is scaled by a gate that sees the means of all.
 *
 * <pre>
 * gate = σ(W2 relu(W1 mean(x)))        y = gate · x        hidden units: max(channels / 16, 4)
 * </pre>
 */
public final class SqueezeExcitation implements Layer {

    private final Weights weights;

    SqueezeExcitation(Weights weights, int channels) {
        this.weights = weights;
        int hidden = Math.max(channels / 16, 4);
        weights.even("squeeze.weight", channels, hidden, channels);
        weights.zeros("squeeze.bias", hidden);
        weights.even("excite.weight", hidden, channels, hidden);
        weights.zeros("excite.bias", channels);
    }

    @Override
    public NDArray apply(NDArray x, boolean training) {
        NDArray means = x.mean(new int[] {3}).mean(new int[] {2});
        NDArray hidden = Activation.relu(Linear.linear(means, weights.array("squeeze.weight"), weights.array("squeeze.bias")).singletonOrThrow());
        NDArray gate = Activation.sigmoid(Linear.linear(hidden, weights.array("excite.weight"), weights.array("excite.bias")).singletonOrThrow());
        return x.mul(gate.expandDims(2).expandDims(3));
    }
}
