package worldmodels.vision.nvae;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import worldmodels.nn.Compute;
import worldmodels.nn.Normal;

class HeldTest {

    private final NDManager manager = Compute.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    private NDArray array(float... values) {
        return manager.create(values, new Shape(1, values.length));
    }

    @Test
    void theNetworksWordIsHeldSoftly() {
        Normal g = Held.normal(array(0, 5, -1e6f), array(0, 1e6f, -1e6f));
        float[] mean = g.mean().toFloatArray();
        float[] deviation = g.deviation().toFloatArray();
        assertArrayEquals(new float[] {0, (float) (5 * Math.tanh(1)), -5}, mean, 1e-6f);
        assertArrayEquals(new float[] {1.01f, (float) (Math.exp(5) + 0.01), (float) (Math.exp(-5) + 0.01)}, deviation, 1e-4f);
    }

    @Test
    void aResidualThatSaysNothingIsThePrior() {
        NDArray mean = array(0.4f, -2);
        NDArray logDeviation = array(-1, 0.5f);
        Normal prior = Held.normal(mean, logDeviation);
        Normal posterior = Held.residual(mean, logDeviation, array(0, 0), array(0, 0));
        assertEquals(0, posterior.divergence(prior).toFloatArray()[0], 1e-6);
        Normal moved = Held.residual(mean, logDeviation, array(1, 0), array(0, 0));
        double sigma = Math.exp(5 * Math.tanh(-0.2)) + 0.01;
        double shift = 5 * Math.tanh(1.4 / 5) - 5 * Math.tanh(0.4 / 5);
        assertEquals(0.5 * shift * shift / (sigma * sigma), moved.divergence(prior).toFloatArray()[0], 1e-4);
    }
}
