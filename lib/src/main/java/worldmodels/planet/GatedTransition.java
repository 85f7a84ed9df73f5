package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import worldmodels.nn.Parameters;
import worldmodels.nn.RecurrentOps;

/**
 * The layers that {@link Rssm} and {@link DeterministicRnn} have in common:
 *
 * <pre>
 *   h' = GRU(relu(Ws s + Wa a + b), h)
 *   prior      μ, σ = dense(relu(dense(h')))
 *   posterior  μ, σ = dense(relu(Wh h' + We e + b))
 * </pre>
 *
 * Products with actions and embeddings do not recur, and neither does the prior while watching: those are computed for all steps at once.
 */
final class GatedTransition {

    private final LatentShape shape;
    private final boolean samples;
    private final NDArray inputState;
    private final NDArray inputAction;
    private final NDArray inputBias;
    private final NDArray gruInput;
    private final NDArray gruRecurrent;
    private final NDArray gruInputBias;
    private final NDArray gruRecurrentBias;
    private final Weights.Dense priorHidden;
    private final Weights.Dense priorOutput;
    private final NDArray posteriorBelief;
    private final NDArray posteriorEmbedding;
    private final NDArray posteriorBias;
    private final Weights.Dense posteriorOutput;

    /** @param samples whether s is drawn from its distribution, or is its mean */
    GatedTransition(Parameters parameters, LatentShape shape, boolean samples, long seed) {
        this.shape = shape;
        this.samples = samples;
        Weights weights = new Weights(parameters, "dynamics", seed);
        int h = shape.belief();
        this.inputState = weights.matrix("input.state", h, shape.state());
        this.inputAction = weights.matrix("input.action", h, shape.actions());
        this.inputBias = weights.zeros("input.bias", h);
        this.gruInput = weights.matrix("gru.input", 3 * h, h);
        this.gruRecurrent = weights.matrix("gru.recurrent", 3 * h, h);
        this.gruInputBias = weights.zeros("gru.inputBias", 3 * h);
        this.gruRecurrentBias = weights.zeros("gru.recurrentBias", 3 * h);
        this.priorHidden = weights.dense("prior.hidden", h, shape.hidden());
        this.priorOutput = weights.dense("prior.output", shape.hidden(), 2 * shape.state());
        this.posteriorBelief = weights.matrix("posterior.belief", shape.hidden(), h);
        this.posteriorEmbedding = weights.matrix("posterior.embedding", shape.hidden(), shape.embedding());
        this.posteriorBias = weights.zeros("posterior.bias", shape.hidden());
        this.posteriorOutput = weights.dense("posterior.output", shape.hidden(), 2 * shape.state());
    }

    LatentState initial(NDManager scope, long rows) {
        Shape state = new Shape(rows, shape.state());
        return new LatentState(scope.zeros(new Shape(rows, shape.belief())), new DiagonalNormal(scope.zeros(state), scope.ones(state)),
                scope.zeros(state));
    }

    LatentState imagine(LatentState state, NDArray action, NDArray noise) {
        NDArray belief = belief(state.sample(), state.belief(), projectedActions(action));
        DiagonalNormal prior = prior(belief);
        return new LatentState(belief, prior, drawn(prior, noise));
    }

    LatentState observe(LatentState state, NDArray action, NDArray embedding, NDArray noise) {
        NDArray belief = belief(state.sample(), state.belief(), projectedActions(action));
        DiagonalNormal posterior = posterior(belief, projectedEmbeddings(embedding));
        return new LatentState(belief, posterior, drawn(posterior, noise));
    }

    LatentSequence observe(int steps, NDArray actions, NDArray embeddings, NDArray noise) {
        NDManager scope = actions.getManager();
        NDList action = projectedActions(actions).split(steps, 0);
        NDList embedding = projectedEmbeddings(embeddings).split(steps, 0);
        NDList draws = samples ? noise.split(steps, 0) : new NDList();
        LatentState start = initial(scope, actions.getShape().get(0) / steps);
        NDArray belief = start.belief();
        NDArray sample = start.sample();
        NDList beliefs = new NDList(steps);
        NDList means = new NDList(steps);
        NDList deviations = new NDList(steps);
        NDList drawn = new NDList(steps);
        for (int t = 0; t < steps; t++) {
            belief = belief(sample, belief, action.get(t));
            DiagonalNormal posterior = posterior(belief, embedding.get(t));
            sample = samples ? posterior.sample(draws.get(t)) : posterior.mean();
            beliefs.add(belief);
            means.add(posterior.mean());
            deviations.add(posterior.deviation());
            drawn.add(sample);
        }
        NDArray allBeliefs = NDArrays.concat(beliefs, 0);
        return new LatentSequence(allBeliefs, prior(allBeliefs),
                new DiagonalNormal(NDArrays.concat(means, 0), NDArrays.concat(deviations, 0)), NDArrays.concat(drawn, 0));
    }

    NDArray imagine(LatentState start, int steps, NDArray actions, NDArray noise) {
        NDManager scope = actions.getManager();
        NDList action = projectedActions(actions).split(steps, 0);
        NDList draws = samples ? noise.split(steps, 0) : new NDList();
        NDArray belief = start.belief().duplicate();
        NDArray sample = start.sample().duplicate();
        NDList features = new NDList(steps);
        for (int t = 0; t < steps; t++) {
            try (NDManager step = scope.newSubManager()) {
                // What came before goes with the step, and so does all that is made of it.
                belief.attach(step);
                sample.attach(step);
                belief = belief(sample, belief, action.get(t));
                DiagonalNormal prior = prior(belief);
                sample = samples ? prior.sample(draws.get(t)) : prior.mean();
                NDArray both = NDArrays.concat(new NDList(belief, sample), 1);
                belief.attach(scope);
                sample.attach(scope);
                both.attach(scope);
                features.add(both);
            }
        }
        return NDArrays.concat(features, 0);
    }

    private NDArray projectedActions(NDArray actions) {
        return Linear.linear(actions, inputAction, inputBias).singletonOrThrow();
    }

    private NDArray projectedEmbeddings(NDArray embeddings) {
        return Linear.linear(embeddings, posteriorEmbedding, posteriorBias).singletonOrThrow();
    }

    private NDArray belief(NDArray sample, NDArray belief, NDArray projectedAction) {
        NDArray input = Activation.relu(Linear.linear(sample, inputState).singletonOrThrow().add(projectedAction));
        return RecurrentOps.gruCell(input, belief, gruInput, gruRecurrent, gruInputBias, gruRecurrentBias);
    }

    private DiagonalNormal prior(NDArray belief) {
        return DiagonalNormal.of(priorOutput.of(Activation.relu(priorHidden.of(belief))), shape.minimumDeviation());
    }

    private DiagonalNormal posterior(NDArray belief, NDArray projectedEmbedding) {
        NDArray hidden = Activation.relu(Linear.linear(belief, posteriorBelief).singletonOrThrow().add(projectedEmbedding));
        return DiagonalNormal.of(posteriorOutput.of(hidden), shape.minimumDeviation());
    }

    private NDArray drawn(DiagonalNormal distribution, NDArray noise) {
        return samples ? distribution.sample(noise) : distribution.mean();
    }
}
