package worldmodels.rl;

import ai.djl.ndarray.NDArray;

/**
 * Transitions drawn from a replay; valid until the next draw.
 *
 * @param observations s, as the networks see it, (batch, observation)
 * @param pairs        s and a side by side, (batch, observation + action)
 * @param rewards      r, (batch, 1)
 * @param next         s', as the networks see it, (batch, observation)
 * @param discounts    γ, or 0 where the task ended, (batch, 1)
 */
public record Batch(NDArray observations, NDArray pairs, NDArray rewards, NDArray next, NDArray discounts) {

    /** r + γ v, and r alone where the task ended. @param values of s', (batch, 1) */
    public NDArray backup(NDArray values) {
        return discounts.mul(values).add(rewards);
    }
}
