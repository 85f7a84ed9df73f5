package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
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
 *                  s'                         o'──┘ s'
 *
 *   h' = f(h, s, a)                ─── computed    ... drawn
 *   s' ~ p(s' | h')      or        s' ~ q(s' | h', o')
 * </pre>
 */
public final class Rssm implements LatentDynamics {

    private final LatentShape shape;
    private final GatedTransition transition;

    /**
     * @param parameters receives the weights, named {@code dynamics.*}
     * @param seed       of the first weights
     */
    public Rssm(Parameters parameters, LatentShape shape, long seed) {
        this.shape = shape;
        this.transition = new GatedTransition(parameters, shape, true, seed);
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
        return true;
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
}
