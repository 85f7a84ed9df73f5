package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import worldmodels.nn.Parameters;

/**
 * The stochastic state space model (Hafner et al. 2019, equation 2 and figure 2b): all that is remembered passes through s, which is drawn anew at
 * each step. There is no h; decoder and reward see s alone.
 *
 * <pre>
 *   prior                          posterior
 *
 *   a ──┐                          a ──┐
 *       v                              v
 *   s ──┴──> μ', σ'                s ──┴──> μp, σp ──> μ', σ'
 *              :                                        ^ :
 *              v                                    e'──┘ v
 *              s'                                         s'
 *
 *   μp, σp = dense(relu(Ws s + Wa a + b))
 *   s' ~ p(s' | s, a)      = N(μp, σp)
 *   s' ~ q(s' | s, a, e')  with μ', σ' = dense(relu(Wp [μp σp] + We e' + b))
 * </pre>
 */
public final class Ssm extends LatentDynamics {

    private final Weights.Junction priorHidden;
    private final Weights.Dense priorOutput;
    private final Weights.Junction posteriorHidden;
    private final Weights.Dense posteriorOutput;

    /**
     * @param parameters receives the weights, named {@code dynamics.*}
     * @param seed       of the first weights
     */
    public Ssm(Parameters parameters, LatentShape shape, long seed) {
        super(shape, 0);
        Weights weights = new Weights(parameters, "dynamics", seed);
        this.priorHidden = weights.junction("prior", "state", shape.state(), "action", shape.actions(), shape.hidden());
        this.priorOutput = weights.dense("prior.output", shape.hidden(), 2 * shape.state());
        this.posteriorHidden = weights.junction("posterior", "prior", 2 * shape.state(), "embedding", shape.embedding(), shape.hidden());
        this.posteriorOutput = weights.dense("posterior.output", shape.hidden(), 2 * shape.state());
    }

    @Override
    NDArray ofActions(NDArray actions) {
        return priorHidden.ofSecond(actions);
    }

    @Override
    NDArray ofEmbeddings(NDArray embeddings) {
        return posteriorHidden.ofSecond(embeddings);
    }

    /** @return [μp σp], (rows, 2 * state) */
    @Override
    NDArray transition(NDArray belief, NDArray sample, NDArray action) {
        DiagonalNormal prior = DiagonalNormal.of(priorOutput.of(Activation.relu(priorHidden.of(sample, action))), shape().minimumDeviation());
        return NDArrays.concat(new NDList(prior.mean(), prior.deviation()), 1);
    }

    @Override
    DiagonalNormal prior(NDArray ahead) {
        NDList halves = ahead.split(2, 1);
        return new DiagonalNormal(halves.get(0), halves.get(1));
    }

    @Override
    DiagonalNormal posterior(NDArray ahead, NDArray embedding) {
        return DiagonalNormal.of(posteriorOutput.of(Activation.relu(posteriorHidden.of(ahead, embedding))), shape().minimumDeviation());
    }
}
