package worldmodels.rl;

import java.util.Arrays;
import worldmodels.nn.Checkpoint;

/**
 * Observations as networks like them: less their mean, in standard deviations, both over all that was seen so far (Welford's algorithm), and no farther
 * than {@value #FARTHEST} from 0. Before anything was seen they stay as they are. What is remembered is not normalised, so that all of a batch goes by
 * one mean.
 */
final class RunningNormalisation {

    private static final double FARTHEST = 10;
    private static final double EPSILON = 1e-8;
    private static final String NAME = "normalisation.";

    private final double[] mean;
    /** Sums of squared distances from the mean. */
    private final double[] squares;
    /** One over the standard deviation. */
    private final double[] scale;
    private long count;

    RunningNormalisation(int size) {
        mean = new double[size];
        squares = new double[size];
        scale = new double[size];
        Arrays.fill(scale, 1);
    }

    /** Takes an observation into the mean and the deviation. */
    void see(float[] observation) {
        count++;
        for (int i = 0; i < mean.length; i++) {
            double distance = observation[i] - mean[i];
            mean[i] += distance / count;
            squares[i] += distance * (observation[i] - mean[i]);
        }
        rescale();
    }

    /** Becomes another one of this size. */
    void follow(RunningNormalisation other) {
        System.arraycopy(other.mean, 0, mean, 0, mean.length);
        System.arraycopy(other.squares, 0, squares, 0, squares.length);
        count = other.count;
        rescale();
    }

    private void rescale() {
        for (int i = 0; i < scale.length && count > 0; i++) {
            scale[i] = 1 / Math.sqrt(squares[i] / count + EPSILON);
        }
    }

    /** Normalises one observation that begins at a place of an array, into another. */
    void apply(float[] from, int begin, float[] to, int at) {
        if (count == 0) {
            System.arraycopy(from, begin, to, at, mean.length);
            return;
        }
        for (int i = 0; i < mean.length; i++) {
            to[at + i] = (float) Math.clamp((from[begin + i] - mean[i]) * scale[i], -FARTHEST, FARTHEST);
        }
    }

    void save(Checkpoint.Draft draft) {
        draft.put(NAME + "mean", mean).put(NAME + "squares", squares).put(NAME + "count", count);
    }

    void restore(Checkpoint found) {
        System.arraycopy(found.doubles(NAME + "mean"), 0, mean, 0, mean.length);
        System.arraycopy(found.doubles(NAME + "squares"), 0, squares, 0, squares.length);
        count = found.longs(NAME + "count")[0];
        rescale();
    }
}
