package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import worldmodels.nn.Parameters;
import worldmodels.nn.TorchOps;

/**
 * The recurrent network without chance (Hafner et al. 2019, figure 2a), as the authors' code has it: {@link Rssm}'s layers, with s always at its mean.
 *
 * <pre>
 *   prior                          posterior
 *
 *      a ──┐                          a ──┐
 *          v                              v
 *   h ───> h' ──> s'               h ───> h' ──> s'
 *          ^                              ^       ^
 *   s ─────┘                       s ─────┘   e'──┘
 *
 *   h' = GRU(relu(Ws s + Wa a + b), h)
 *   s' = μ(h')      with μ, σ = dense(relu(dense(h')))
 *   s' = μ(h', e')  with μ, σ = dense(relu(Wh h' + We e' + b))
 * </pre>
 *
 * <p>Between two points there is no divergence, so the distance {@code ½ |s'posterior - s'prior|²} stands for it, which is the divergence of normal
 * distributions of deviation 1: it teaches the prior to go on without pictures, and no nats are free. The layers' σ are there and have no effect, so
 * that both networks are of one size.
 */
public final class DeterministicRnn extends LatentDynamics {

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
    public DeterministicRnn(Parameters parameters, LatentShape shape, long seed) {
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

    @Override
    NDArray drawn(DiagonalNormal distribution, NDArray noise) {
        return distribution.mean();
    }

    @Override
    public boolean isStochastic() {
        return false;
    }

    @Override
    public NDArray divergence(DiagonalNormal posterior, DiagonalNormal prior) {
        return TorchOps.times(posterior.mean().sub(prior.mean()).square().sum(new int[] {1}), 0.5);
    }
}
