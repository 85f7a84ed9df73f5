package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import worldmodels.nn.Parameters;

/**
 * The stochastic state space model (Hafner et al. 2019, equation 2 and figure 2b): all that is remembered passes through s, which is drawn anew at
 * each step.
 *
 * <pre>
 *   prior                          posterior
 *
 *   a ──┐                          a ──┐
 *       v                              v
 *   s ──┴──> μ', σ'                s ──┴──> μp, σp ──> μ', σ'
 *              :                                        ^ :
 *              v                                    o'──┘ v
 *              s'                                         s'
 *
 *   prior      μp, σp = dense(relu(Ws s + Wa a + b))              s' ~ N(μp, σp)
 *   posterior  μ', σ' = dense(relu(Wm μp + Wd σp + We e + b))     s' ~ N(μ', σ')
 * </pre>
 *
 * There is no h; decoder and reward see s alone.
 */
public final class Ssm implements LatentDynamics {

    private final LatentShape shape;
    private final NDArray priorState;
    private final NDArray priorAction;
    private final NDArray priorBias;
    private final Weights.Dense priorOutput;
    private final NDArray posteriorPrior;
    private final NDArray posteriorEmbedding;
    private final NDArray posteriorBias;
    private final Weights.Dense posteriorOutput;

    /**
     * @param parameters receives the weights, named {@code dynamics.*}
     * @param seed       of the first weights
     */
    public Ssm(Parameters parameters, LatentShape shape, long seed) {
        this.shape = shape;
        Weights weights = new Weights(parameters, "dynamics", seed);
        this.priorState = weights.matrix("prior.state", shape.hidden(), shape.state());
        this.priorAction = weights.matrix("prior.action", shape.hidden(), shape.actions());
        this.priorBias = weights.zeros("prior.bias", shape.hidden());
        this.priorOutput = weights.dense("prior.output", shape.hidden(), 2 * shape.state());
        this.posteriorPrior = weights.matrix("posterior.prior", shape.hidden(), 2 * shape.state());
        this.posteriorEmbedding = weights.matrix("posterior.embedding", shape.hidden(), shape.embedding());
        this.posteriorBias = weights.zeros("posterior.bias", shape.hidden());
        this.posteriorOutput = weights.dense("posterior.output", shape.hidden(), 2 * shape.state());
    }

    @Override
    public LatentShape shape() {
        return shape;
    }

    @Override
    public int features() {
        return shape.state();
    }

    @Override
    public boolean isStochastic() {
        return true;
    }

    @Override
    public LatentState initial(NDManager scope, long rows) {
        Shape state = new Shape(rows, shape.state());
        return new LatentState(null, new DiagonalNormal(scope.zeros(state), scope.ones(state)), scope.zeros(state));
    }

    @Override
    public LatentState imagine(LatentState state, NDArray action, NDArray noise) {
        DiagonalNormal prior = prior(state.sample(), projectedActions(action));
        return new LatentState(null, prior, prior.sample(noise));
    }

    @Override
    public LatentState observe(LatentState state, NDArray action, NDArray embedding, NDArray noise) {
        DiagonalNormal posterior = posterior(prior(state.sample(), projectedActions(action)), projectedEmbeddings(embedding));
        return new LatentState(null, posterior, posterior.sample(noise));
    }

    @Override
    public LatentSequence observe(int steps, NDArray actions, NDArray embeddings, NDArray noise) {
        NDManager scope = actions.getManager();
        NDList action = projectedActions(actions).split(steps, 0);
        NDList embedding = projectedEmbeddings(embeddings).split(steps, 0);
        NDList draws = noise.split(steps, 0);
        NDArray sample = initial(scope, actions.getShape().get(0) / steps).sample();
        NDList[] parts = {new NDList(steps), new NDList(steps), new NDList(steps), new NDList(steps), new NDList(steps)};
        for (int t = 0; t < steps; t++) {
            DiagonalNormal prior = prior(sample, action.get(t));
            DiagonalNormal posterior = posterior(prior, embedding.get(t));
            sample = posterior.sample(draws.get(t));
            parts[0].add(prior.mean());
            parts[1].add(prior.deviation());
            parts[2].add(posterior.mean());
            parts[3].add(posterior.deviation());
            parts[4].add(sample);
        }
        return new LatentSequence(null, new DiagonalNormal(NDArrays.concat(parts[0], 0), NDArrays.concat(parts[1], 0)),
                new DiagonalNormal(NDArrays.concat(parts[2], 0), NDArrays.concat(parts[3], 0)), NDArrays.concat(parts[4], 0));
    }

    @Override
    public NDArray imagine(LatentState start, int steps, NDArray actions, NDArray noise) {
        NDManager scope = actions.getManager();
        NDList action = projectedActions(actions).split(steps, 0);
        NDList draws = noise.split(steps, 0);
        NDArray sample = start.sample().duplicate();
        NDList features = new NDList(steps);
        for (int t = 0; t < steps; t++) {
            try (NDManager step = scope.newSubManager()) {
                // The first is this method's own copy; the others are features and stay.
                NDArray before = sample.duplicate();
                before.attach(step);
                sample = prior(before, action.get(t)).sample(draws.get(t));
                sample.attach(scope);
                features.add(sample);
            }
        }
        return NDArrays.concat(features, 0);
    }

    private NDArray projectedActions(NDArray actions) {
        return Linear.linear(actions, priorAction, priorBias).singletonOrThrow();
    }

    private NDArray projectedEmbeddings(NDArray embeddings) {
        return Linear.linear(embeddings, posteriorEmbedding, posteriorBias).singletonOrThrow();
    }

    private DiagonalNormal prior(NDArray sample, NDArray projectedAction) {
        NDArray hidden = Activation.relu(Linear.linear(sample, priorState).singletonOrThrow().add(projectedAction));
        return DiagonalNormal.of(priorOutput.of(hidden), shape.minimumDeviation());
    }

    private DiagonalNormal posterior(DiagonalNormal prior, NDArray projectedEmbedding) {
        NDArray both = NDArrays.concat(new NDList(prior.mean(), prior.deviation()), 1);
        NDArray hidden = Activation.relu(Linear.linear(both, posteriorPrior).singletonOrThrow().add(projectedEmbedding));
        return DiagonalNormal.of(posteriorOutput.of(hidden), shape.minimumDeviation());
    }
}
