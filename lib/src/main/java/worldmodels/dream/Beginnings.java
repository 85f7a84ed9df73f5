package worldmodels.dream;

import java.io.Serializable;
import java.util.List;
import worldmodels.memory.LatentEpisode;
import worldmodels.memory.MemoryState;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

/**
 * Where dreams begin: with the first frame of a real episode, or in the middle of one, after M has watched some of its steps (branching, Janner et al.
 * 2019). A dream from the first frame has to come by itself to all that may happen; what follows from a bend taken wrongly, a branched one meets at once.
 */
public final class Beginnings implements Serializable {

    /**
     * One beginning: the dream's first z is that of frame {@code watched} after {@code frame}, and M has seen the frames between.
     *
     * @param frame   of the episode
     * @param watched steps from there that M watches; 0 for an episode's first frame
     */
    public record Beginning(LatentEpisode episode, int frame, int watched) {}

    private final List<LatentEpisode> episodes;
    private final List<LatentEpisode> longEnough;
    private final double branched;
    private final int watched;
    private final float deviation;

    /**
     * @param branched  share of the dreams that begin in the middle of an episode
     * @param watched   steps of it that M sees before
     * @param deviation of z about its mean, at most
     * @throws KitException if there is no episode, or none that is long enough to branch from
     */
    public Beginnings(List<LatentEpisode> episodes, double branched, int watched, float deviation) {
        if (episodes.isEmpty()) {
            throw new KitException("A dream begins with a frame of a real episode, and there is no episode; record some first.");
        }
        this.episodes = List.copyOf(episodes);
        this.longEnough = episodes.stream().filter(episode -> episode.frames() > watched).toList();
        if (branched > 0 && longEnough.isEmpty()) {
            throw new KitException("No episode has the " + (watched + 1) + " frames after which a dream may branch off; record longer ones or branch earlier.");
        }
        this.branched = branched;
        this.watched = watched;
        this.deviation = deviation;
    }

    /** The first frames of episodes, z drawn from all of V's posterior. */
    public static Beginnings firstFrames(List<LatentEpisode> episodes) {
        return new Beginnings(episodes, 0, 0, Float.POSITIVE_INFINITY);
    }

    /** Length of z. */
    public int latent() {
        return episodes.getFirst().latent();
    }

    /** Where the dream with this seed begins. */
    public Beginning of(long seed) {
        return draw(random(seed));
    }

    /** All the chance of a dream. */
    static Pcg64 random(long seed) {
        return Pcg64.stream(seed, "dream");
    }

    /** Any episode is as likely as any other, and of one that is branched from any frame. */
    Beginning draw(Pcg64 random) {
        if (branched == 0 || random.nextDouble() >= branched) {
            return new Beginning(episodes.get((int) random.integers(episodes.size())), 0, 0);
        }
        LatentEpisode episode = longEnough.get((int) random.integers(longEnough.size()));
        return new Beginning(episode, (int) random.integers(episode.frames() - watched), watched);
    }

    /** Draws z of the frame that comes {@code step} steps after the beginning's. */
    void z(Beginning beginning, int step, Pcg64 random, float[] z, int offset) {
        beginning.episode.draw(beginning.frame + step, deviation, random, z, offset);
    }
}
