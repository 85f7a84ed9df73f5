package worldmodels.rl;

/** How the critic's error counts. */
public enum ValueLoss {

    /** ½ (V - R)². */
    PLAIN,

    /** The larger of that and of ½ (V' - R)² where V' is V no farther from what it was than ε (OpenAI's code; Andrychowicz et al. 2021 find that it hurts). */
    CLIPPED
}
