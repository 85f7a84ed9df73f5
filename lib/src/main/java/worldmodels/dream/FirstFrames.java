package worldmodels.dream;

import java.util.List;
import worldmodels.memory.LatentEpisode;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

/** Where dreams begin: V's posteriors of the first frames of real episodes. */
public final class FirstFrames {

    private final List<LatentEpisode> episodes;

    /** @throws KitException if there is none */
    public FirstFrames(List<LatentEpisode> episodes) {
        if (episodes.isEmpty()) {
            throw new KitException("A dream begins with the first frame of a real episode, and there is no episode; record some first.");
        }
        this.episodes = List.copyOf(episodes);
    }

    /** Length of z. */
    public int latent() {
        return episodes.getFirst().latent();
    }

    /**
     * Draws an episode, then z from the posterior of its first frame.
     *
     * @param z receives {@link #latent} values from {@code offset} on
     */
    public void draw(Pcg64 random, float[] z, int offset) {
        LatentEpisode episode = episodes.get((int) random.integers(episodes.size()));
        for (int i = 0; i < latent(); i++) {
            z[offset + i] = (float) (episode.mean(0, i) + StrictMath.exp(0.5 * episode.logVariance(0, i)) * random.standardNormal());
        }
    }
}
