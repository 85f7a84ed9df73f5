package worldmodels.vision.nvae;

import ai.djl.ndarray.NDArray;
import worldmodels.nn.TorchOps;

/**
 * A diagonal normal whose mean and log deviation are softly held between -5 and 5, {@code 5 tanh(x / 5)} (Vahdat and Kautz 2020, appendix A), and whose
 * deviation is at least 0.01.
 *
 * @param mean      any shape, batch first
 * @param deviation the same
 */
public record Gaussian(NDArray mean, NDArray deviation) {

    private static final double BOUND = 5;
    private static final float LEAST_DEVIATION = 0.01f;

    /** @param logDeviation what a network says, before it is held */
    static Gaussian of(NDArray mean, NDArray logDeviation) {
        return new Gaussian(held(mean), held(logDeviation).exp().add(LEAST_DEVIATION));
    }

    /** N(0, 1) in the shape of another array. */
    public static Gaussian standard(NDArray like) {
        return new Gaussian(like.zerosLike(), like.onesLike());
    }

    private static NDArray held(NDArray x) {
        return TorchOps.times(TorchOps.times(x, 1 / BOUND).tanh(), BOUND);
    }

    /** μ + σ ε. */
    public NDArray sample(NDArray noise) {
        return mean.add(deviation.mul(noise));
    }

    /** KL(this ‖ prior) in nats, element by element. */
    public NDArray divergence(Gaussian prior) {
        NDArray difference = mean.sub(prior.mean).div(prior.deviation);
        NDArray ratio = deviation.div(prior.deviation);
        return TorchOps.times(difference.square().add(ratio.square()).sub(1), 0.5).sub(ratio.log());
    }

    /** ln of the density at x, element by element. */
    NDArray logDensity(NDArray x) {
        return TorchOps.times(x.sub(mean).div(deviation).square().add((float) Math.log(2 * Math.PI)), -0.5).sub(deviation.log());
    }

    /**
     * The residual normal (section 3.2): a posterior given relative to its prior, q = N(μp + Δμ, σp · Δσ), so that an encoder that says nothing
     * leaves the prior as it is.
     *
     * @param priorMean         μp, before it is held; {@code priorLogDeviation} likewise
     * @param meanChange        Δμ
     * @param logDeviationChange ln Δσ
     */
    static Gaussian residual(NDArray priorMean, NDArray priorLogDeviation, NDArray meanChange, NDArray logDeviationChange) {
        return of(priorMean.add(meanChange), priorLogDeviation.add(logDeviationChange));
    }
}
