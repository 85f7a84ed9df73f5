package worldmodels.rl;

/**
 * Generalised advantage estimation (Schulman et al. 2016, arXiv 1506.02438, equation 16), of several lanes whose episodes follow each other:
 *
 * <pre>
 *   δ(t) = r(t) + γ V(s(t+1)) - V(s(t))               V(s(t+1)) = 0 where the task ended
 *   A(t) = δ(t) + γ λ A(t+1)                          A(t+1) = 0 where an episode ended, and beyond the last step
 *   R(t) = A(t) + V(s(t))
 * </pre>
 *
 * Where an episode was only cut off, V(s(t+1)) is that of its own last state, not of the next episode's first: what would have followed still counts (Pardo
 * et al. 2018).
 *
 * @param advantages A, (steps, lanes) row-major
 * @param returns    R, what the critic learns, likewise
 */
public record Advantages(float[] advantages, float[] returns) {

    /**
     * @param rewards    r, (steps, lanes) row-major
     * @param values     V(s(t)), likewise
     * @param next       V(s(t+1)), likewise: after the last step of an episode, of the state that it ended in
     * @param terminated whether the task ended with the step
     * @param ended      whether the episode did
     */
    public static Advantages of(double[] rewards, float[] values, float[] next, boolean[] terminated, boolean[] ended, int lanes, double discount, double lambda) {
        float[] advantages = new float[rewards.length];
        float[] returns = new float[rewards.length];
        double[] following = new double[lanes];
        for (int i = rewards.length - 1; i >= 0; i--) {
            int lane = i % lanes;
            double delta = rewards[i] + (terminated[i] ? 0 : discount * next[i]) - values[i];
            following[lane] = delta + (ended[i] ? 0 : discount * lambda * following[lane]);
            advantages[i] = (float) following[lane];
            returns[i] = (float) (following[lane] + values[i]);
        }
        return new Advantages(advantages, returns);
    }
}
