package worldmodels.rl;

/** The PPO report has "an attention mechanism in the critic", and says no more of it. What is done with that is one of these. */
public enum Attention {

    /** None: what cannot be known is left out. */
    NONE,

    /**
     * The critic weighs its features before its dense layers: f becomes n f softmax(W f + b) for n features, each weight 1 at first. The least that deserves
     * the name: which numbers of z and h count depends on all of them.
     */
    FEATURES
}
