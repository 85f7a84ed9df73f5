package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * How a latent state follows from the one before and the action, with the next picture (posterior) or without (prior). The three kinds of Hafner et
 * al. 2019, section 3 and figure 2.
 *
 * <p>An action belongs to the step that it leads into: state t follows from state t - 1 and action t - 1, and is corrected by picture t. Gradients
 * pass through all methods where the thread records them. Results belong to the manager of the actions.
 */
public sealed interface LatentDynamics permits Gated, Ssm {

    LatentShape shape();

    /** Width of what decoder and reward see. */
    int features();

    /** Whether prior and posterior are distributions; free nats make sense for those only. */
    boolean isStochastic();

    /** The state before anything was seen: zeros. */
    LatentState initial(NDManager scope, long rows);

    /**
     * One step without a picture.
     *
     * @param action (rows, actions)
     * @param noise  draws from N(0, 1), (rows, state); deterministic dynamics ignore it
     */
    LatentState imagine(LatentState state, NDArray action, NDArray noise);

    /**
     * One step with a picture.
     *
     * @param action    that led here, (rows, actions)
     * @param embedding of the picture, (rows, embedding)
     * @param noise     draws from N(0, 1), (rows, state)
     */
    LatentState observe(LatentState state, NDArray action, NDArray embedding, NDArray noise);

    /**
     * Watches whole sequences from the initial state. Everything that is not recurrent is computed for all steps at once.
     *
     * @param steps      time steps
     * @param actions    that led to each step, (time * batch, actions)
     * @param embeddings (time * batch, embedding)
     * @param noise      draws from N(0, 1), (time * batch, state)
     */
    LatentSequence observe(int steps, NDArray actions, NDArray embeddings, NDArray noise);

    /**
     * Goes on without pictures, for planning: without gradients, and freeing each step's intermediate results.
     *
     * @param start   rows
     * @param steps   time steps
     * @param actions (time * rows, actions)
     * @param noise   draws from N(0, 1), (time * rows, state)
     * @return features of each step, (time * rows, features)
     */
    NDArray imagine(LatentState start, int steps, NDArray actions, NDArray noise);

    /** How far apart prior and posterior are, row by row: what is minimised beside the reconstructions. */
    default NDArray divergence(DiagonalNormal posterior, DiagonalNormal prior) {
        return posterior.divergence(prior);
    }
}
