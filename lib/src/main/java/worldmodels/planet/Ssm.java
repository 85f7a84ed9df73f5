package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import worldmodels.nn.Layers;
import worldmodels.nn.Normal;
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

    private final Junction priorHidden;
    private final Layers.Dense priorOutput;
    private final Junction posteriorHidden;
    private final Layers.Dense posteriorOutput;

    /**
     * @param parameters receives the weights, named {@code dynamics.*}
     * @param seed       of the first weights
     */
    public Ssm(Parameters parameters, LatentShape shape, FirstWeights first, long seed) {
        super(shape, 0);
        Layers layers = new Layers(parameters, seed).in("dynamics");
        this.priorHidden = Junction.of(layers.in("prior"), "state", shape.state(), "action", shape.actions(), shape.hidden(), first.joined());
        this.priorOutput = layers.dense("prior.output", shape.hidden(), 2 * shape.state());
        this.posteriorHidden = Junction.of(layers.in("posterior"), "prior", 2 * shape.state(), "embedding", shape.embedding(), shape.hidden(), first.joined());
        this.posteriorOutput = layers.dense("posterior.output", shape.hidden(), 2 * shape.state());
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
        Normal prior = Normal.softPlus(priorOutput.apply(Activation.relu(priorHidden.apply(sample, action))), shape().minimumDeviation());
        return NDArrays.concat(new NDList(prior.mean(), prior.deviation()), 1);
    }

    @Override
    Normal prior(NDArray ahead) {
        NDList halves = ahead.split(2, 1);
        return Normal.of(halves.get(0), halves.get(1));
    }

    @Override
    Normal posterior(NDArray ahead, NDArray embedding) {
        return Normal.softPlus(posteriorOutput.apply(Activation.relu(posteriorHidden.apply(ahead, embedding))), shape().minimumDeviation());
    }
}
