package worldmodels.data;

/**
 * An episode of T steps as the vision model sees it.
 *
 * @param mu      means of the latent posterior of each observation (T, latent)
 * @param logvar  logarithms of its variances (T, latent)
 * @param actions (T x action size)
 * @param rewards (T)
 * @param done    whether the episode ended with that step (T)
 */
public record EncodedEpisode(Npy mu, Npy logvar, float[] actions, float[] rewards, boolean[] done) {

    /** Number of latent dimensions. */
    public int latent() {
        return mu.shape()[1];
    }
}
