package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import worldmodels.nn.Layers;
import worldmodels.nn.Normal;
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
 * distributions of deviation 1: it teaches the prior to go on without pictures, and no nats are free. The authors' settings weigh this divergence by 0,
 * which leaves the prior without a gradient of its own; a planner then goes by what nothing has trained, so the kit keeps the distance. It is not measured
 * in units of s: a network that makes s small makes it small too. The layers' σ are there and have no effect, so that both networks are of one size.
 */
public final class DeterministicRnn extends LatentDynamics {

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
    public DeterministicRnn(Parameters parameters, LatentShape shape, FirstWeights first, long seed) {
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

    @Override
    NDArray drawn(Normal distribution, NDArray noise) {
        return distribution.mean();
    }

    @Override
    public boolean isStochastic() {
        return false;
    }

    @Override
    public NDArray divergence(Normal posterior, Normal prior) {
        return TorchOps.times(posterior.mean().sub(prior.mean()).square().sum(new int[] {1}), 0.5);
    }
}
