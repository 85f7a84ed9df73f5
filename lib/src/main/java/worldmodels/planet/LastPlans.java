package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/**
 * What each lane planned at its last decision, and where its next one begins: at that plan, moved by the one step that has been taken, with nothing
 * planned for the new last step; or at zeros, where a planner forgets.
 */
final class LastPlans {

    private final CrossEntropyPlanner.Settings planner;
    private final int actionSize;
    /** (horizon x action size) of each lane. */
    private final float[][] plans;

    LastPlans(CrossEntropyPlanner.Settings planner, int lanes, int actionSize) {
        this.planner = planner;
        this.actionSize = actionSize;
        this.plans = new float[lanes][planner.horizon() * actionSize];
    }

    /** An episode begins in a lane. */
    void forget(int lane) {
        Arrays.fill(plans[lane], 0);
    }

    /** @return where the decisions of these lanes begin, (horizon, lanes, action size) */
    NDArray begin(NDManager scope, int[] lanes) {
        float[] begin = new float[planner.horizon() * lanes.length * actionSize];
        if (planner.shifted()) {
            for (int t = 0; t < planner.horizon() - 1; t++) {
                for (int i = 0; i < lanes.length; i++) {
                    System.arraycopy(plans[lanes[i]], (t + 1) * actionSize, begin, (t * lanes.length + i) * actionSize, actionSize);
                }
            }
        }
        return scope.create(begin, new Shape(planner.horizon(), lanes.length, actionSize));
    }

    /**
     * @param plan (horizon, lanes, action size)
     * @return the actions to take, (lanes x action size)
     */
    float[] take(NDArray plan, int[] lanes) {
        float[] all = (planner.shifted() ? plan : plan.get(0)).toFloatArray();
        if (planner.shifted()) {
            for (int i = 0; i < all.length; i++) {
                int row = i / actionSize;
                plans[lanes[row % lanes.length]][row / lanes.length * actionSize + i % actionSize] = all[i];
            }
        }
        return Arrays.copyOf(all, lanes.length * actionSize);
    }
}
