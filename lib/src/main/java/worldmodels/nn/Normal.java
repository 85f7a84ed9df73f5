package worldmodels.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;

/**
 * Independent normal distributions, the first axis counting rows. A network may say their deviation or the logarithm of their variance; each
 * quantity is computed from what it said.
 */
public sealed interface Normal {

    /** (rows, ...) */
    NDArray mean();

    /** σ, (rows, ...) */
    NDArray deviation();

    /** ln σ², (rows, ...) */
    NDArray logVariance();

    /** @param deviation σ, as {@code mean} (rows, ...) */
    static Normal of(NDArray mean, NDArray deviation) {
        return new OfDeviation(mean, deviation);
    }

    /** @param logVariance ln σ², as {@code mean} (rows, ...) */
    static Normal ofLogVariance(NDArray mean, NDArray logVariance) {
        return new OfLogVariance(mean, logVariance);
    }

    /**
     * The distribution that a network's output stands for: the first half are means, the second half x with σ = softplus(x) + least.
     *
     * @param output (rows, 2 * size)
     */
    static Normal softPlus(NDArray output, double least) {
        NDList halves = output.split(2, 1);
        return of(halves.get(0), Activation.softPlus(halves.get(1)).add((float) least));
    }

    /** N(0, 1) in the shape of another array. */
    static Normal standard(NDArray like) {
        return of(like.zerosLike(), like.onesLike());
    }

    /**
     * μ + σ ε.
     *
     * @param noise ε, draws from N(0, 1), (rows, ...)
     */
    default NDArray sample(NDArray noise) {
        return deviation().mul(noise).add(mean());
    }

    /**
     * KL(this ‖ other), row by row, in nats:
     *
     * <pre>  Σ ln(σ₂/σ₁) + (σ₁² + (μ₁ - μ₂)²) / (2 σ₂²) - ½ </pre>
     *
     * @return (rows)
     */
    default NDArray divergence(Normal other) {
        NDArray ratio = deviation().div(other.deviation());
        NDArray distance = mean().sub(other.mean()).div(other.deviation());
        return TorchOps.times(sumOfRows(ratio.square().add(distance.square()).sub(1).sub(TorchOps.times(ratio.log(), 2))), 0.5);
    }

    /** KL(this ‖ N(0, 1)) = -½ Σ (1 + ln σ² - μ² - σ²), row by row, in nats; (rows) */
    default NDArray divergence() {
        return TorchOps.times(sumOfRows(logVariance().add(1).sub(mean().square()).sub(logVariance().exp())), -0.5);
    }

    /** ln of the density, row by row; (rows) */
    default NDArray logDensity(NDArray x) {
        NDArray distance = x.sub(mean()).div(deviation());
        return sumOfRows(TorchOps.times(distance.square().add((float) Math.log(2 * Math.PI)), -0.5).sub(deviation().log()));
    }

    /** These distributions as constants: no gradient passes. */
    default Normal stopGradient() {
        return of(mean().stopGradient(), deviation().stopGradient());
    }

    private static NDArray sumOfRows(NDArray values) {
        Shape shape = values.getShape();
        return (shape.dimension() == 2 ? values : values.reshape(shape.get(0), -1)).sum(new int[] {1});
    }

    /** @param deviation what was said */
    record OfDeviation(NDArray mean, NDArray deviation) implements Normal {

        @Override
        public NDArray logVariance() {
            return TorchOps.times(deviation.log(), 2);
        }
    }

    /** @param logVariance what was said */
    record OfLogVariance(NDArray mean, NDArray logVariance) implements Normal {

        @Override
        public NDArray deviation() {
            return TorchOps.times(logVariance, 0.5).exp();
        }
    }
}
