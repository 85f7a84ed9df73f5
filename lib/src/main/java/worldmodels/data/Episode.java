package worldmodels.data;

import java.util.Arrays;
import worldmodels.run.KitException;

/**
 * A recorded episode of T steps.
 *
 * @param observations      what was seen before each action, T observations of uint8 in row-major order
 * @param observationShape  shape of one observation, e.g. (64, 64, 3)
 * @param actions           (T x action size)
 * @param rewards           (T)
 * @param done              whether the episode ended with that step, true in the last one only (T)
 */
public record Episode(byte[] observations, int[] observationShape, float[] actions, float[] rewards, boolean[] done) {

    /** Number of steps. */
    public int length() {
        return rewards.length;
    }

    /** Number of values of one action. */
    public int actionSize() {
        return actions.length / rewards.length;
    }

    /** Bytes of one observation. */
    public int observationBytes() {
        return observations.length / rewards.length;
    }

    /** One observation's bytes, copied. */
    public byte[] observation(int t) {
        if (t < 0 || t >= length()) {
            throw new KitException("The episode has observations 0 to " + (length() - 1) + ", not " + t + ".");
        }
        int bytes = observationBytes();
        return Arrays.copyOfRange(observations, t * bytes, (t + 1) * bytes);
    }
}
