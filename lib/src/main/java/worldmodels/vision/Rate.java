package worldmodels.vision;

import worldmodels.nn.Checkpoint;

/**
 * The price of a nat at which z holds a given number C of them, found while training:
 *
 * <pre>
 * ln β = max(0, ln β + 0.02 clip(KL / C - 1, -1, 1))        after each step, from β = 400
 * </pre>
 *
 * That is gradient ascent on the multiplier of the constraint KL = C, on a logarithmic scale (Rezende and Viola 2018, "Taming VAEs", section 2, who
 * hold the error and not the rate). Burgess et al. 2018 add γ |KL - C| with a fixed γ; a nat in z saves hundreds to thousands of nats of a picture's
 * 12,288 colours, so that one γ is too little for few nats, or drowns the picture's gradient. As with them z opens from nothing: at first a nat is
 * dear, and the mean picture is learned. β is at least 1: z never holds more than pays for itself.
 */
final class Rate {

    private static final double PACE = 0.02;
    private static final double FIRST = 400;
    private static final String STATE = Checkpoint.TRAINING + "rate.logPrice";

    private final double nats;
    private double logPrice = Math.log(FIRST);

    /** @param nats C */
    Rate(double nats) {
        this.nats = nats;
    }

    /**
     * β for this step; moves it for the next.
     *
     * @param divergence of z in this batch, in nats
     */
    double price(double divergence) {
        double price = Math.exp(logPrice);
        logPrice = Math.max(0, logPrice + PACE * Math.clamp(divergence / nats - 1, -1, 1));
        return price;
    }

    void save(Checkpoint.Draft draft) {
        draft.put(STATE, logPrice);
    }

    void restore(Checkpoint found) {
        logPrice = found.doubles(STATE)[0];
    }
}
