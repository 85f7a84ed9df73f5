package worldmodels.rl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;
import worldmodels.nn.Gradients;

/**
 * A {@link PpoRollout} with what the networks made of it before the update; it stays as it is while they change.
 *
 * @param logDensities ln π_old(x | s), by decision
 * @param values       V(s)
 * @param advantages   A and R
 * @param scale        what rewards were multiplied by; 1 where they are not normalised
 */
record PpoBatch(PpoRollout rollout, float[] logDensities, float[] values, Advantages advantages, double scale) {

    /** Rows of a forward pass. */
    private static final int ROWS = 256;

    /** @param rewardScale takes in the rollout's rewards */
    static PpoBatch of(PpoRollout rollout, Network actor, Network critic, ActionDistribution distribution, RewardScale rewardScale, PpoSettings settings,
            NDManager manager) {
        float[] all = values(rollout, critic, manager);
        float[] now = of(all, rollout.seen);
        float[] following = of(all, rollout.next);
        double scaled = rewardScale.take(rollout.rewards, rollout.ended);
        double factor = settings.normalisedReturns() ? scaled : 1;
        double[] paid = settings.normalisedReturns() ? Arrays.stream(rollout.rewards).map(reward -> rewardScale.apply(reward, factor)).toArray() : rollout.rewards;
        return new PpoBatch(rollout, logDensities(rollout, actor, distribution, manager), now, Advantages.of(paid, now, following, rollout.terminated,
                rollout.ended, rollout.lanes.count(), settings.discount(), settings.lambda()), factor);
    }

    /** V of all that was seen, row by row. */
    private static float[] values(PpoRollout rollout, Network critic, NDManager manager) {
        int[] all = IntStream.range(0, rollout.sights.count()).toArray();
        float[] values = new float[all.length];
        try (Gradients.Pause pause = Gradients.pause()) {
            for (int from = 0; from < all.length; from += ROWS) {
                int rows = Math.min(ROWS, all.length - from);
                try (NDManager scope = manager.newSubManager()) {
                    System.arraycopy(critic.apply(rollout.sights.array(scope, all, from, rows)).toFloatArray(), 0, values, from, rows);
                }
            }
        }
        return values;
    }

    private static float[] logDensities(PpoRollout rollout, Network actor, ActionDistribution distribution, NDManager manager) {
        float[] logDensities = new float[rollout.decisions()];
        int size = rollout.actions;
        try (Gradients.Pause pause = Gradients.pause()) {
            for (int from = 0; from < logDensities.length; from += ROWS) {
                int rows = Math.min(ROWS, logDensities.length - from);
                try (NDManager scope = manager.newSubManager()) {
                    NDArray x = scope.create(Arrays.copyOfRange(rollout.drawn, from * size, (from + rows) * size), new Shape(rows, size));
                    NDArray output = actor.apply(rollout.sights.array(scope, rollout.seen, from, rows));
                    System.arraycopy(distribution.logDensity(output, x).toFloatArray(), 0, logDensities, from, rows);
                }
            }
        }
        return logDensities;
    }

    /** Decisions {@code order[from]} and those that follow there. */
    PpoLoss.Decisions minibatch(NDManager scope, int[] order, int from, int rows) {
        int[] which = Arrays.copyOfRange(order, from, from + rows);
        int size = rollout.actions;
        float[] x = new float[rows * size];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(rollout.drawn, which[i] * size, x, i * size, size);
        }
        int[] seen = Arrays.stream(which).map(i -> rollout.seen[i]).toArray();
        return new PpoLoss.Decisions(rollout.sights.array(scope, seen, 0, rows), scope.create(x, new Shape(rows, size)), scope.create(of(logDensities, which)),
                scope.create(of(values, which)), scope.create(of(advantages.advantages(), which)), scope.create(of(advantages.returns(), which)));
    }

    private static float[] of(float[] all, int[] which) {
        float[] some = new float[which.length];
        for (int i = 0; i < some.length; i++) {
            some[i] = all[which[i]];
        }
        return some;
    }
}
