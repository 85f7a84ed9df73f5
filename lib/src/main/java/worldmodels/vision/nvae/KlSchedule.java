package worldmodels.vision.nvae;

import java.util.Arrays;

/**
 * How much each group's divergence counts while training goes on (Vahdat and Kautz 2020, appendix A).
 *
 * <p>Warm-up: all of it times β, which rises from nearly 0 to 1 over the first part of the steps. Balancing, during the warm-up only: group l
 * counts γ_l, larger where much is used, so that no group is switched off early:
 *
 * <pre>
 * γ_l ∝ s_l E[KL_l]        Σ γ_l = number of groups        or E[KL_l] / s_l
 * </pre>
 *
 * @param warmUpSteps steps until β = 1
 * @param balancing   which of the two
 */
public record KlSchedule(long warmUpSteps, Balancing balancing) {

    private static final double LEAST = 1e-4;

    /** β at a step counted from 0. */
    public double coefficient(long step) {
        return Math.clamp((double) step / Math.max(1, warmUpSteps), LEAST, 1);
    }

    /**
     * What each group's divergence is multiplied by, warm-up and balancing together.
     *
     * @param divergences of this batch, E[KL_l]
     * @param sizes       s_l, as {@link NvaeShape#groupSizes} has them
     */
    public double[] weights(long step, double[] divergences, double[] sizes) {
        double coefficient = coefficient(step);
        double[] weights = new double[divergences.length];
        Arrays.fill(weights, coefficient);
        if (coefficient < 1) {
            double[] shares = new double[weights.length];
            for (int i = 0; i < shares.length; i++) {
                shares[i] = balancing.of(Math.max(divergences[i], LEAST), sizes[i]);
            }
            double mean = Arrays.stream(shares).average().orElseThrow();
            for (int i = 0; i < weights.length; i++) {
                weights[i] *= shares[i] / mean;
            }
        }
        return weights;
    }
}
