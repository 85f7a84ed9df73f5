package worldmodels.vision.plane;

/** How points are learned. */
public enum PlaneMethod {

    /** Goodfellow et al. 2014: a discriminator; the generator raises ln D. */
    GAN("GAN"),

    /** Arjovsky et al. 2017: a critic whose weights are held in a box, so that it cannot be steeper than some K. */
    WGAN_CLIPPED("WGAN, clipped"),

    /** Gulrajani et al. 2017: a critic that pays where its slope is not 1. */
    WGAN_GP("WGAN-GP"),

    /** The third report's toy: a VAE with one latent number, whose samples a Wasserstein critic judges. */
    VAE_WGAN("VAE with critic");

    private final String label;

    PlaneMethod(String label) {
        this.label = label;
    }

    /** As tables have it. */
    public String label() {
        return label;
    }

    /** Whether what its critic says is an estimate of the Wasserstein distance; a clipped critic says K times as much. */
    public boolean measuresDistance() {
        return this == WGAN_GP || this == VAE_WGAN;
    }

    /** Before each step of the generator. */
    int criticSteps(PlaneSettings settings) {
        return this == GAN ? 1 : settings.criticSteps();
    }

    /** Of its networks, for one step of the generator: what a step costs. */
    public int updates(PlaneSettings settings) {
        return 1 + criticSteps(settings);
    }
}
