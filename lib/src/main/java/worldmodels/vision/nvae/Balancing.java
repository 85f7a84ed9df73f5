package worldmodels.vision.nvae;

/**
 * How much a group's size s_l counts while the divergences are balanced. NVAE's paper and its code contradict each other; a preset names the one it
 * follows.
 */
public enum Balancing {

    /** γ_l ∝ s_l E[KL_l], the text (appendix A): a group twice as large counts twice as much for each of its nats. */
    PAPER,

    /** γ_l ∝ E[KL_l] / s_l, as the published code divides, with which the published numbers were made: groups compare by their nats per place. */
    CODE;

    double of(double divergence, double size) {
        return this == PAPER ? divergence * size : divergence / size;
    }
}
