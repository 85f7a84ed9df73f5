package worldmodels.vision.nvae;

import ai.djl.ndarray.NDArray;
import worldmodels.nn.Normal;
import worldmodels.nn.TorchOps;

/**
 * Normal distributions whose mean and log deviation are softly held between -5 and 5, {@code 5 tanh(x / 5)} (Vahdat and Kautz 2020, appendix A), and
 * whose deviation is at least 0.01.
 */
public final class Held {

    private static final double BOUND = 5;
    private static final float LEAST_DEVIATION = 0.01f;

    private Held() {}

    /** @param logDeviation what a network says, before it is held */
    public static Normal normal(NDArray mean, NDArray logDeviation) {
        return Normal.of(held(mean), held(logDeviation).exp().add(LEAST_DEVIATION));
    }

    /**
     * The residual normal (section 3.2): a posterior given relative to its prior, q = N(μp + Δμ, σp · Δσ), so that an encoder that says nothing
     * leaves the prior as it is.
     *
     * @param priorMean          μp, before it is held; {@code priorLogDeviation} likewise
     * @param meanChange         Δμ
     * @param logDeviationChange ln Δσ
     */
    public static Normal residual(NDArray priorMean, NDArray priorLogDeviation, NDArray meanChange, NDArray logDeviationChange) {
        return normal(priorMean.add(meanChange), priorLogDeviation.add(logDeviationChange));
    }

    private static NDArray held(NDArray x) {
        return TorchOps.times(TorchOps.times(x, 1 / BOUND).tanh(), BOUND);
    }
}
