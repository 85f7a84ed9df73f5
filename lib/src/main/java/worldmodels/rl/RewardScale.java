package worldmodels.rl;

import worldmodels.nn.Checkpoint;
import worldmodels.run.KitException;

/**
 * Rewards in units that a critic likes: over the running standard deviation of the discounted return so far, of which each lane has a sum that begins anew
 * with an episode (detail 16), and no farther than {@value #FARTHEST} from 0 (detail 17).
 */
final class RewardScale {

    private static final double FARTHEST = 10;
    private static final String NAME = "returns.";

    private final double discount;
    private final double[] sum;
    private double mean;
    private double squares;
    private long count;

    RewardScale(int lanes, double discount) {
        this.discount = discount;
        this.sum = new double[lanes];
    }

    /**
     * Takes an update's rewards in.
     *
     * @param rewards (steps, lanes) row-major
     * @param ended   likewise
     * @return 1 over the deviation
     * @throws KitException if returns do not vary: there is nothing to tell one action from another by
     */
    double take(double[] rewards, boolean[] ended) {
        for (int i = 0; i < rewards.length; i++) {
            int lane = i % sum.length;
            sum[lane] = discount * sum[lane] + rewards[i];
            count++;
            double distance = sum[lane] - mean;
            mean += distance / count;
            squares += distance * (sum[lane] - mean);
            sum[lane] = ended[i] ? 0 : sum[lane];
        }
        double variance = squares / count;
        if (!(variance > 1e-12 * Math.max(1, mean * mean))) {
            throw new KitException("PPO: the returns of " + count + " decisions have no variance (all are " + mean
                    + "), so nothing tells good actions from bad; check the environment's rewards, or take longer updates (ppo.horizon).");
        }
        return 1 / Math.sqrt(variance);
    }

    double apply(double reward, double scale) {
        return Math.clamp(reward * scale, -FARTHEST, FARTHEST);
    }

    void save(Checkpoint.Draft draft) {
        draft.put(NAME + "sums", sum).put(NAME + "moments", mean, squares).put(NAME + "count", count);
    }

    void restore(Checkpoint found) {
        System.arraycopy(found.doubles(NAME + "sums"), 0, sum, 0, sum.length);
        double[] moments = found.doubles(NAME + "moments");
        mean = moments[0];
        squares = moments[1];
        count = found.longs(NAME + "count")[0];
    }
}
