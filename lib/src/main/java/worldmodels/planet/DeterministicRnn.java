package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
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
 *   s ─────┘                       s ─────┘   o'──┘
 *
 *   nothing is drawn: s' = μ(h') or s' = μ(h', o')
 * </pre>
 *
 * <p>Between two points there is no divergence, so the distance {@code ½ |s'posterior - s'prior|²} stands for it, which is the divergence of normal
 * distributions of deviation 1: it teaches the prior to go on without pictures, and no nats are free. The layers' σ are there and have no effect, so
 * that both networks are of one size.
 */
public final class DeterministicRnn implements LatentDynamics {

    private final LatentShape shape;
    private final GatedTransition transition;

    /**
     * @param parameters receives the weights, named {@code dynamics.*}
     * @param seed       of the first weights
     */
    public DeterministicRnn(Parameters parameters, LatentShape shape, long seed) {
        this.shape = shape;
        this.transition = new GatedTransition(parameters, shape, false, seed);
    }

    @Override
    public LatentShape shape() {
        return shape;
    }

    @Override
    public int features() {
        return shape.belief() + shape.state();
    }

    @Override
    public boolean isStochastic() {
        return false;
    }

    @Override
    public LatentState initial(NDManager scope, long rows) {
        return transition.initial(scope, rows);
    }

    @Override
    public LatentState imagine(LatentState state, NDArray action, NDArray noise) {
        return transition.imagine(state, action, noise);
    }

    @Override
    public LatentState observe(LatentState state, NDArray action, NDArray embedding, NDArray noise) {
        return transition.observe(state, action, embedding, noise);
    }

    @Override
    public LatentSequence observe(int steps, NDArray actions, NDArray embeddings, NDArray noise) {
        return transition.observe(steps, actions, embeddings, noise);
    }

    @Override
    public NDArray imagine(LatentState start, int steps, NDArray actions, NDArray noise) {
        return transition.imagine(start, steps, actions, noise);
    }

    @Override
    public NDArray divergence(DiagonalNormal posterior, DiagonalNormal prior) {
        return TorchOps.times(posterior.mean().sub(prior.mean()).square().sum(new int[] {1}), 0.5);
    }
}
