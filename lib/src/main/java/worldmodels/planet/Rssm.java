package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import worldmodels.nn.Layers;
import worldmodels.nn.Normal;
import worldmodels.nn.Parameters;

/**
 * The recurrent state space model (Hafner et al. 2019, equation 4 and figure 2c): a deterministic path remembers, a stochastic one keeps several
 * futures open.
 *
 * <pre>
 *   prior                          posterior
 *
 *      a ──┐                          a ──┐
 *          v                              v
 *   h ───> h' ──> μ', σ'           h ───> h' ──> μ', σ'
 *          ^       :                      ^       ^ :
 *   s ─────┘       v               s ─────┘       │ v
 *                  s'                         e'──┘ s'
 *
 *   ─── computed    ... drawn
 *
 *   h' = f(h, s, a) = GRU(relu(Ws s + Wa a + b), h)
 *   s' ~ p(s' | h')      with μ', σ' = dense(relu(dense(h')))
 *   s' ~ q(s' | h', e')  with μ', σ' = dense(relu(Wh h' + We e' + b))
 * </pre>
 */
public final class Rssm extends LatentDynamics {

    private final Junction input;
    private final Gru gru;
    private final Layers.Dense priorHidden;
    private final Layers.Dense priorOutput;
    private final Junction posteriorHidden;
    private final Layers.Dense posteriorOutput;

    /**
     * @param parameters receives the weights, named {@code dynamics.*}
     * @param seed       of the first weights
     */
    public Rssm(Parameters parameters, LatentShape shape, FirstWeights first, long seed) {
        super(shape, shape.belief());
        Layers layers = new Layers(parameters, seed).in("dynamics");
        int h = shape.belief();
        this.input = Junction.of(layers.in("input"), "state", shape.state(), "action", shape.actions(), h, first.joined());
        this.gru = Gru.of(layers.in("gru"), h, h, first);
        this.priorHidden = layers.dense("prior.hidden", h, shape.hidden());
        this.priorOutput = layers.dense("prior.output", shape.hidden(), 2 * shape.state());
        this.posteriorHidden = Junction.of(layers.in("posterior"), "belief", h, "embedding", shape.embedding(), shape.hidden(), first.joined());
        this.posteriorOutput = layers.dense("posterior.output", shape.hidden(), 2 * shape.state());
    }

    @Override
    NDArray ofActions(NDArray actions) {
        return input.ofSecond(actions);
    }

    @Override
    NDArray ofEmbeddings(NDArray embeddings) {
        return posteriorHidden.ofSecond(embeddings);
    }

    @Override
    NDArray transition(NDArray belief, NDArray sample, NDArray action) {
        return gru.apply(Activation.relu(input.apply(sample, action)), belief);
    }

    @Override
    Normal prior(NDArray belief) {
        return Normal.softPlus(priorOutput.apply(Activation.relu(priorHidden.apply(belief))), shape().minimumDeviation());
    }

    @Override
    Normal posterior(NDArray belief, NDArray embedding) {
        return Normal.softPlus(posteriorOutput.apply(Activation.relu(posteriorHidden.apply(belief, embedding))), shape().minimumDeviation());
    }
}
