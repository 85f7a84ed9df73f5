package worldmodels.planet;

/** What a wrong reward costs, beside one nat of divergence. */
public enum RewardScale {

    /** Google's PlaNet: ten times -ln N(r; r̂, 1), as one number would otherwise drown among 12,288 pixels. */
    TEN_LOG_LIKELIHOODS(5),

    /** Kaixhin's PlaNet: the squared error, which weighs a fifth of that and learns the tasks too. */
    SQUARED_ERROR(1);

    private final double weight;

    RewardScale(double weight) {
        this.weight = weight;
    }

    /** Factor of the squared error. */
    double weight() {
        return weight;
    }
}
