package worldmodels.data;

import java.io.Serializable;
import worldmodels.run.KitException;

/**
 * A recorded episode as the manifest lists it.
 *
 * @param file    its file's name in the folder
 * @param result  who acted with which seed, and how it went
 * @param bytes   the file's size
 * @param content the CRC-32 of each array, which another version of zlib would give too
 * @param sha256  of the file
 */
public record StoredEpisode(String file, EpisodeResult result, long bytes, String content, String sha256) implements Serializable {

    /** This episode in a file of another name. */
    StoredEpisode as(String name) {
        return new StoredEpisode(name, result, bytes, content, sha256);
    }

    /** For who plays it again and sees something else. */
    public KitException differsAt(int step) {
        return new KitException("Episode " + file + " does not go as recorded at step " + step + "; record the rollouts again with this version of the kit.");
    }

    /** The environment's seed. */
    public long seed() {
        return result.job().seed();
    }

    /** Number of steps. */
    public int length() {
        return result.length();
    }

    /** Sum of rewards. */
    public double episodeReturn() {
        return result.episodeReturn();
    }

    /** Whether the task itself ended, rather than the recording (time limit; in CarRacing V2 also a finished lap). */
    public boolean terminated() {
        return result.terminated();
    }
}
