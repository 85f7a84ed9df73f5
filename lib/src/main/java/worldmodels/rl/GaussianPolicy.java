package worldmodels.rl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import worldmodels.nn.TorchOps;

/**
 * A normal distribution squashed into [-1, 1] (Haarnoja et al. 2018b, arXiv 1812.05905, appendix C):
 *
 * <pre>
 *   u = μ + σ ε        a = tanh u
 *   ln π(a) = Σ ( -½ ε² - ln σ - ½ ln 2π - ln(1 - tanh² u) )        ln(1 - tanh² u) = 2 (ln 2 - u - softplus(-2 u))
 * </pre>
 *
 * @param mean         μ, (rows, actions)
 * @param logDeviation ln σ, (rows, actions)
 */
public record GaussianPolicy(NDArray mean, NDArray logDeviation) {

    /** Bounds of ln σ, the authors'. */
    static final double LEAST = -20;
    static final double MOST = 2;

    /**
     * @param action         a, (rows, actions)
     * @param logProbability ln π(a), the logarithm of its density, (rows, 1)
     */
    public record Drawn(NDArray action, NDArray logProbability) {}

    /** @param output of a network, (rows, 2 * actions): means, and then logarithms of deviations, which are clipped to their bounds */
    public static GaussianPolicy of(NDArray output) {
        NDList halves = output.split(2, 1);
        NDArray most = output.getManager().create((float) MOST);
        return new GaussianPolicy(halves.get(0), TorchOps.atLeast(halves.get(1), LEAST).minimum(most));
    }

    /** @param noise ε, draws from N(0, 1), (rows, actions) */
    public Drawn draw(NDArray noise) {
        NDArray u = logDeviation.exp().mul(noise).add(mean);
        NDArray normal = TorchOps.times(noise.square(), -0.5).sub(logDeviation);
        NDArray logSlope = TorchOps.times(u.add(Activation.softPlus(TorchOps.times(u, -2))), 2);
        double constant = -0.5 * Math.log(2 * Math.PI) - 2 * Math.log(2);
        return new Drawn(u.tanh(), normal.add(logSlope).add((float) constant).sum(new int[] {1}, true));
    }
}
