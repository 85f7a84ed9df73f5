package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
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

    private final Weights.Junction input;
    private final Weights.Gru gru;
    private final Weights.Dense priorHidden;
    private final Weights.Dense priorOutput;
    private final Weights.Junction posteriorHidden;
    private final Weights.Dense posteriorOutput;

    /**
     * @param parameters receives the weights, named {@code dynamics.*}
     * @param seed       of the first weights
     */
    public Rssm(Parameters parameters, LatentShape shape, long seed) {
        super(shape, shape.belief());
        Weights weights = new Weights(parameters, "dynamics", seed);
        int h = shape.belief();
        this.input = weights.junction("input", "state", shape.state(), "action", shape.actions(), h);
        this.gru = weights.gru("gru", h, h);
        this.priorHidden = weights.dense("prior.hidden", h, shape.hidden());
        this.priorOutput = weights.dense("prior.output", shape.hidden(), 2 * shape.state());
        this.posteriorHidden = weights.junction("posterior", "belief", h, "embedding", shape.embedding(), shape.hidden());
        this.posteriorOutput = weights.dense("posterior.output", shape.hidden(), 2 * shape.state());
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
        return gru.of(Activation.relu(input.of(sample, action)), belief);
    }

    @Override
    DiagonalNormal prior(NDArray belief) {
        return DiagonalNormal.of(priorOutput.of(Activation.relu(priorHidden.of(belief))), shape().minimumDeviation());
    }

    @Override
    DiagonalNormal posterior(NDArray belief, NDArray embedding) {
        return DiagonalNormal.of(posteriorOutput.of(Activation.relu(posteriorHidden.of(belief, embedding))), shape().minimumDeviation());
    }
}
