package worldmodels.vision.nvae;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import worldmodels.nn.Layers;

/**
 * Squeeze and excitation (Hu et al. 2018): each channel is scaled by a gate that sees the means of all.
 *
 * <pre>
 * gate = σ(W2 relu(W1 mean(x)))        y = gate · x        hidden units: max(channels / 16, 4)
 * </pre>
 */
public final class SqueezeExcitation implements Layer {

    private final Layers.Dense squeeze;
    private final Layers.Dense excite;

    SqueezeExcitation(Layers layers, int channels) {
        int hidden = Math.max(channels / 16, 4);
        squeeze = layers.dense("squeeze", channels, hidden);
        excite = layers.dense("excite", hidden, channels);
    }

    @Override
    public NDArray apply(NDArray x, boolean training) {
        NDArray means = x.mean(new int[] {3}).mean(new int[] {2});
        NDArray gate = Activation.sigmoid(excite.apply(Activation.relu(squeeze.apply(means))));
        return x.mul(gate.expandDims(2).expandDims(3));
    }
}
