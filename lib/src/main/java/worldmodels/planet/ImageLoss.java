package worldmodels.planet;

/** What a wrong pixel costs, beside one nat of divergence. */
public enum ImageLoss {

    /** Google's PlaNet: -ln N(o; ô, 1) without its constant, as the bound of equation 3 has it. */
    LOG_LIKELIHOOD(0.5),

    /** Kaixhin's PlaNet: the squared error itself, so the divergence weighs half as much. */
    SQUARED_ERROR(1);

    private final double weight;

    ImageLoss(double weight) {
        this.weight = weight;
    }

    /** Factor of the squared error, summed over pixels and colours. */
    double weight() {
        return weight;
    }
}
