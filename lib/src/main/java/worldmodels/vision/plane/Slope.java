package worldmodels.vision.plane;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Activation;
import java.util.ArrayList;
import java.util.List;
import worldmodels.nn.Layers.Dense;
import worldmodels.nn.Layers.Mlp;

/**
 * The slope of a critic, worked out by hand, so that no second derivative is asked of the engine. Where h_k = relu(W_k h_{k-1} + b_k) and
 * f = w h_n + c, a relu passes or it does not, and f is linear around x:
 *
 * <pre>
 * ∇f(x) = w M_n W_n ... M_1 W_1        M_k = diag(1 where the k-th layer's unit is on, else 0)
 * </pre>
 *
 * This is an ordinary expression in the weights, and the M do not change with them but where a unit switches; so the gradient of anything made of the
 * slope is an ordinary gradient, and right almost everywhere.
 */
public final class Slope {

    private static final float LEAST = 1e-12f;

    private Slope() {}

    /** @param x (rows, in); @return ∇f, (rows, in), differentiable in the weights */
    public static NDArray of(Mlp critic, NDArray x) {
        List<Dense> layers = critic.layers();
        List<NDArray> on = new ArrayList<>();
        NDArray h = x;
        for (Dense layer : layers.subList(0, layers.size() - 1)) {
            NDArray sum = layer.apply(h);
            on.add(sum.gt(0).toType(DataType.FLOAT32, false).stopGradient());
            h = Activation.relu(sum);
        }
        NDArray slope = on.getLast().mul(layers.getLast().weight());
        for (int k = on.size() - 1; k > 0; k--) {
            slope = slope.matMul(layers.get(k).weight()).mul(on.get(k - 1));
        }
        return slope.matMul(layers.getFirst().weight());
    }

    /** Gulrajani et al. 2017, equation 3 without λ: the mean of (|∇f| - 1)²; a scalar. */
    public static NDArray penalty(Mlp critic, NDArray x) {
        NDArray length = of(critic, x).square().sum(new int[] {1}).add(LEAST).sqrt();
        return length.sub(1).square().mean();
    }
}
