package worldmodels.planet;

import ai.djl.ndarray.NDArray;
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
public final class DeterministicRnn extends Gated {

    /**
     * @param parameters receives the weights, named {@code dynamics.*}
     * @param seed       of the first weights
     */
    public DeterministicRnn(Parameters parameters, LatentShape shape, long seed) {
        super(parameters, shape, false, seed);
    }

    @Override
    public NDArray divergence(DiagonalNormal posterior, DiagonalNormal prior) {
        return TorchOps.times(posterior.mean().sub(prior.mean()).square().sum(new int[] {1}), 0.5);
    }
}
