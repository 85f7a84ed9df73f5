package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import worldmodels.nn.Parameters;

/** Dynamics with a deterministic path through a gated recurrent unit: {@link GatedTransition} computes, the two kinds say what they mean by it. */
abstract sealed class Gated implements LatentDynamics permits Rssm, DeterministicRnn {

    private final LatentShape shape;
    private final boolean stochastic;
    private final GatedTransition transition;

    /**
     * @param parameters receives the weights, named {@code dynamics.*}
     * @param stochastic whether s is drawn
     * @param seed       of the first weights
     */
    Gated(Parameters parameters, LatentShape shape, boolean stochastic, long seed) {
        this.shape = shape;
        this.stochastic = stochastic;
        this.transition = new GatedTransition(parameters, shape, stochastic, seed);
    }

    @Override
    public boolean isStochastic() {
        return stochastic;
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
