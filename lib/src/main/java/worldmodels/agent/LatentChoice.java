package worldmodels.agent;

/** Which z of V's posterior the controller and the memory are given. The authors' code samples; others take the mean. */
public enum LatentChoice {

    /** z = μ + σ ε, drawn anew at each step. */
    SAMPLED,

    /** z = μ. */
    MEAN
}
