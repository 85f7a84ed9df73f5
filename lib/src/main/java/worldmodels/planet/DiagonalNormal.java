package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import worldmodels.nn.TorchOps;

/**
 * Independent normal distributions.
 *
 * @param mean      (rows, state)
 * @param deviation σ, (rows, state)
 */
public record DiagonalNormal(NDArray mean, NDArray deviation) {

    /**
     * The distribution that a network's output stands for: the first half are means, the second half x with σ = softplus(x) + minimum.
     *
     * @param output (rows, 2 * state)
     */
    static DiagonalNormal of(NDArray output, double minimumDeviation) {
        NDList halves = output.split(2, 1);
        return new DiagonalNormal(halves.get(0), Activation.softPlus(halves.get(1)).add((float) minimumDeviation));
    }

    /** @param noise draws from N(0, 1), (rows, state) */
    public NDArray sample(NDArray noise) {
        return deviation.mul(noise).add(mean);
    }

    /**
     * KL(this ‖ other), row by row, in nats:
     *
     * <pre>  Σ ln(σ₂/σ₁) + (σ₁² + (μ₁ - μ₂)²) / (2 σ₂²) - ½ </pre>
     *
     * @return (rows)
     */
    public NDArray divergence(DiagonalNormal other) {
        NDArray ratio = deviation.div(other.deviation);
        NDArray distance = mean.sub(other.mean).div(other.deviation);
        NDArray twice = ratio.square().add(distance.square()).sub(1).sub(TorchOps.times(ratio.log(), 2));
        return TorchOps.times(twice.sum(new int[] {1}), 0.5);
    }

    /** The same distribution as a constant: no gradient passes. */
    public DiagonalNormal stopGradient() {
        return new DiagonalNormal(mean.stopGradient(), deviation.stopGradient());
    }
}
