package worldmodels.rl;

/** What a policy draws its actions from. */
public enum PolicyKind {

    /** A normal distribution; what lies beyond the action's bounds is done as the bound. Usual, but chance beyond a bound teaches nothing. */
    GAUSSIAN_CLIPPED,

    /** A normal distribution squashed by tanh. */
    GAUSSIAN_TANH,

    /** A Beta distribution stretched over the bounds (Chou et al. 2017): gas and brake stay in their range by themselves. */
    BETA
}
