package worldmodels.study.carracing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import worldmodels.controller.HiddenLayerController;
import worldmodels.controller.Squash;

class FirstLayerTest {

    private static final HiddenLayerController C = new HiddenLayerController(4, 5, Squash.ofCar());
    private static final int OUTPUT = (4 + 1) * 5 + 3;

    private static double[] act(double[] parameters) {
        double[] action = new double[3];
        C.act(new float[] {1, -2, 0.5f, 3}, 0, parameters, action, 0);
        return action;
    }

    @Test
    void allZerosAreASaddleThatARandomFirstLayerIsNot() {
        double[] zeros = FirstLayer.ZEROS.parameters(C, 1);
        double[] random = FirstLayer.RANDOM.parameters(C, 1);
        assertArrayEquals(act(zeros), act(random), "both begin with the same driving");
        for (int i = OUTPUT; i < C.parameterCount(); i++) {
            double[] moved = zeros.clone();
            moved[i] = 0.5;
            assertArrayEquals(act(zeros), act(moved), "weight " + i + " of W2 does nothing");
            double[] felt = random.clone();
            felt[i] = 0.5;
            double[] opposite = random.clone();
            opposite[i] = -0.5;
            assertFalse(Arrays.equals(act(opposite), act(felt)), "weight " + i + " of W2 acts, the clipped brake's in one direction");
        }
    }
}
