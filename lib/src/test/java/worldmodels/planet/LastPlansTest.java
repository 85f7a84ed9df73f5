package worldmodels.planet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;
import worldmodels.nn.Compute;

class LastPlansTest {

    /** Three steps of an action of one number, in two of three lanes. */
    @Test
    void aPlanMovesOnByOneStepInItsLane() {
        try (NDManager manager = Compute.newManager()) {
            LastPlans plans = new LastPlans(new CrossEntropyPlanner.Settings(3, 1, 10, 1, true), 3, 1);
            assertArrayEquals(new float[6], plans.begin(manager, new int[] {0, 2}).toFloatArray());
            // Time-major: lane 0 plans 1 2 3, lane 2 plans 10 20 30.
            float[] taken = plans.take(manager.create(new float[] {1, 10, 2, 20, 3, 30}, new Shape(3, 2, 1)), new int[] {0, 2});
            assertArrayEquals(new float[] {1, 10}, taken);
            assertArrayEquals(new float[] {20, 2, 0, 30, 3, 0, 0, 0, 0}, plans.begin(manager, new int[] {2, 0, 1}).toFloatArray());
            plans.forget(2);
            assertArrayEquals(new float[] {0, 2, 0, 3, 0, 0}, plans.begin(manager, new int[] {2, 0}).toFloatArray());
        }
    }

    @Test
    void severalNumbersOfAnActionStayTogether() {
        try (NDManager manager = Compute.newManager()) {
            LastPlans plans = new LastPlans(new CrossEntropyPlanner.Settings(2, 1, 10, 1, true), 2, 2);
            float[] taken = plans.take(manager.create(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, new Shape(2, 2, 2)), new int[] {0, 1});
            assertArrayEquals(new float[] {1, 2, 3, 4}, taken);
            assertArrayEquals(new float[] {5, 6, 7, 8, 0, 0, 0, 0}, plans.begin(manager, new int[] {0, 1}).toFloatArray());
        }
    }

    @Test
    void whoForgetsBeginsAtZeros() {
        try (NDManager manager = Compute.newManager()) {
            LastPlans plans = new LastPlans(new CrossEntropyPlanner.Settings(2, 1, 10, 1), 1, 1);
            assertArrayEquals(new float[] {4}, plans.take(manager.create(new float[] {4, 5}, new Shape(2, 1, 1)), new int[] {0}));
            assertArrayEquals(new float[2], plans.begin(manager, new int[] {0}).toFloatArray());
        }
    }
}
