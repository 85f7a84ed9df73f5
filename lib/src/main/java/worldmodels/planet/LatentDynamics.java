package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import worldmodels.nn.Normal;

/**
 * How a latent state follows from the one before and the action, with the next picture (posterior) or without (prior). The three kinds of Hafner et
 * al. 2019, section 3 and figure 2, each say three things:
 *
 * <pre>
 *   x' = transition(h, s, a)        what is known of the next step before its picture
 *   prior(x')                       p(s' | x')
 *   posterior(x', e')               q(s' | x', e'), with the embedding e' of the picture
 * </pre>
 *
 * and this class walks them along sequences. An action belongs to the step that it leads into: state t follows from state t - 1 and action t - 1, and
 * is corrected by picture t. What does not recur is computed for all steps at once: products with actions and embeddings, and the prior while
 * observing. Gradients pass through all methods where the thread records them. Results belong to the manager of the actions.
 */
public abstract sealed class LatentDynamics permits Rssm, Ssm, DeterministicRnn {

    private final LatentShape shape;
    private final int belief;

    /** @param belief width of h, which x' is then; 0 where there is none */
    LatentDynamics(LatentShape shape, int belief) {
        this.shape = shape;
        this.belief = belief;
    }

    /** The part of the transition's first layer that the action gives, (rows, action size) to (rows, width). */
    abstract NDArray ofActions(NDArray actions);

    /** The part of the posterior's first layer that the picture gives, (rows, embedding) to (rows, hidden). */
    abstract NDArray ofEmbeddings(NDArray embeddings);

    /**
     * @param belief h, (rows, belief); null where there is none
     * @param sample s, (rows, state)
     * @param action as {@link #ofActions} made it
     * @return x'
     */
    abstract NDArray transition(NDArray belief, NDArray sample, NDArray action);

    abstract Normal prior(NDArray ahead);

    /** @param embedding as {@link #ofEmbeddings} made it */
    abstract Normal posterior(NDArray ahead, NDArray embedding);

    /** s of a prior or posterior. */
    NDArray drawn(Normal distribution, NDArray noise) {
        return distribution.sample(noise);
    }

    /** Whether prior and posterior are distributions; free nats make sense for those only. */
    public boolean isStochastic() {
        return true;
    }

    /** How far apart prior and posterior are, row by row: what is minimised beside the reconstructions. */
    public NDArray divergence(Normal posterior, Normal prior) {
        return posterior.divergence(prior);
    }

    public final LatentShape shape() {
        return shape;
    }

    /** Width of what decoder and reward see. */
    public final int features() {
        return belief + shape.state();
    }

    /** The state before anything was seen: zeros. */
    public final LatentState initial(NDManager scope, long rows) {
        Shape state = new Shape(rows, shape.state());
        return new LatentState(belief == 0 ? null : scope.zeros(new Shape(rows, belief)),
                Normal.of(scope.zeros(state), scope.ones(state)), scope.zeros(state));
    }

    /**
     * One step without a picture.
     *
     * @param action (rows, actions)
     * @param noise  draws from N(0, 1), (rows, state); deterministic dynamics ignore it
     */
    public final LatentState imagine(LatentState state, NDArray action, NDArray noise) {
        NDArray ahead = transition(state.belief(), state.sample(), ofActions(action));
        Normal prior = prior(ahead);
        return new LatentState(belief(ahead), prior, drawn(prior, noise));
    }

    /**
     * One step with a picture.
     *
     * @param action    that led here, (rows, actions)
     * @param embedding of the picture, (rows, embedding)
     * @param noise     draws from N(0, 1), (rows, state)
     */
    public final LatentState observe(LatentState state, NDArray action, NDArray embedding, NDArray noise) {
        NDArray ahead = transition(state.belief(), state.sample(), ofActions(action));
        Normal posterior = posterior(ahead, ofEmbeddings(embedding));
        return new LatentState(belief(ahead), posterior, drawn(posterior, noise));
    }

    /**
     * Observes whole sequences from the initial state.
     *
     * @param steps      time steps
     * @param actions    that led to each step, (time * batch, actions)
     * @param embeddings (time * batch, embedding)
     * @param noise      draws from N(0, 1), (time * batch, state)
     */
    public final LatentSequence observe(int steps, NDArray actions, NDArray embeddings, NDArray noise) {
        NDList action = ofActions(actions).split(steps, 0);
        NDList embedding = ofEmbeddings(embeddings).split(steps, 0);
        NDList draws = noise.split(steps, 0);
        LatentState start = initial(actions.getManager(), actions.getShape().get(0) / steps);
        NDArray h = start.belief();
        NDArray s = start.sample();
        NDList aheads = new NDList(steps);
        NDList means = new NDList(steps);
        NDList deviations = new NDList(steps);
        NDList samples = new NDList(steps);
        for (int t = 0; t < steps; t++) {
            NDArray ahead = transition(h, s, action.get(t));
            Normal posterior = posterior(ahead, embedding.get(t));
            h = belief(ahead);
            s = drawn(posterior, draws.get(t));
            aheads.add(ahead);
            means.add(posterior.mean());
            deviations.add(posterior.deviation());
            samples.add(s);
        }
        NDArray all = NDArrays.concat(aheads, 0);
        return new LatentSequence(belief(all), prior(all), Normal.of(NDArrays.concat(means, 0), NDArrays.concat(deviations, 0)),
                NDArrays.concat(samples, 0));
    }

    /**
     * Goes on without pictures, for planning: without gradients, and freeing each step's intermediate results.
     *
     * @param start   rows
     * @param steps   time steps
     * @param actions (time * rows, actions)
     * @param noise   draws from N(0, 1), (time * rows, state); deterministic dynamics need none
     * @return features of each step, (time * rows, features)
     */
    public final NDArray imagine(LatentState start, int steps, NDArray actions, NDArray noise) {
        NDManager scope = actions.getManager();
        NDList action = ofActions(actions).split(steps, 0);
        NDList draws = isStochastic() ? noise.split(steps, 0) : new NDList();
        LatentState state = new LatentState(start.belief() == null ? null : start.belief().duplicate(), null, start.sample().duplicate());
        NDList features = new NDList(steps);
        for (int t = 0; t < steps; t++) {
            try (NDManager step = scope.newSubManager()) {
                // What came before goes with the step, and so does all that is made of it.
                state.attach(step);
                NDArray ahead = transition(state.belief(), state.sample(), action.get(t));
                state = new LatentState(belief(ahead), null, drawn(prior(ahead), isStochastic() ? draws.get(t) : null));
                NDArray seen = belief == 0 ? state.sample().duplicate() : state.features();
                seen.attach(scope);
                features.add(seen);
                state.attach(scope);
            }
        }
        return NDArrays.concat(features, 0);
    }

    private NDArray belief(NDArray ahead) {
        return belief == 0 ? null : ahead;
    }
}
