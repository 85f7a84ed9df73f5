package worldmodels.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NoiseTest {

    private static final Shape SHAPE = new Shape(50, 40);

    private final NDManager manager = Compute.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    /** The way that GPUs take, taken by the CPU, whose generator gives what one of our own would. */
    @Test
    void engineSeededBeforeEachDrawGivesTheNoiseOfThatSeed() {
        Noise.normalOfEngine(manager, SHAPE, 6);
        assertArrayEquals(Noise.normal(manager, SHAPE, 7).toFloatArray(), Noise.normalOfEngine(manager, SHAPE, 7).toFloatArray());
        assertArrayEquals(Noise.uniform(manager, SHAPE, 0, 1, 7).toFloatArray(), Noise.uniformOfEngine(manager, SHAPE, 7).toFloatArray());
    }

    @Test
    void noiseInBulkDependsOnSeedAndShapeAlone() {
        assertArrayEquals(Noise.normalInBulk(manager, SHAPE, 7).toFloatArray(), Noise.normalInBulk(manager, SHAPE, 7).toFloatArray());
        NDArray normal = Noise.normalInBulk(manager, new Shape(100_000), 8);
        assertEquals(0, normal.mean().toFloatArray()[0], 0.02);
        assertEquals(1, normal.square().mean().toFloatArray()[0], 0.02);
        NDArray uniform = Noise.uniformInBulk(manager, new Shape(100_000), 8);
        assertEquals(0.5, uniform.mean().toFloatArray()[0], 0.01);
    }

    @Test
    void noiseDependsOnSeedAndShapeAlone() {
        float[] first = Noise.normal(manager, new Shape(100, 100), 5).toFloatArray();
        Noise.normal(manager, new Shape(7), 6);
        assertArrayEquals(first, Noise.normal(manager, new Shape(100, 100), 5).toFloatArray());
        assertFalse(Arrays.equals(first, Noise.normal(manager, new Shape(100, 100), 6).toFloatArray()));
        double mean = 0;
        double square = 0;
        for (float f : first) {
            mean += f / first.length;
            square += (double) f * f / first.length;
        }
        assertEquals(0, mean, 0.05);
        assertEquals(1, square, 0.06);
    }

    @Test
    void noiseCanEnterABackwardPass() {
        try (Parameters parameters = new Parameters(manager); Gradients.Tape tape = Gradients.record()) {
            NDArray sigma = parameters.add("sigma", manager.ones(new Shape(8)));
            NDArray noise = Noise.normal(manager, new Shape(8), 3);
            tape.backward(noise.mul(sigma).sum());
            assertArrayEquals(noise.toFloatArray(), sigma.getGradient().toFloatArray());
        }
    }

    @Test
    void uniformStaysInItsRange() {
        float[] drawn = Noise.uniform(manager, new Shape(10_000), -2, 3, 9).toFloatArray();
        double mean = 0;
        for (float f : drawn) {
            assertEquals(0.5, f, 2.5);
            mean += f / drawn.length;
        }
        assertEquals(0.5, mean, 0.06);
    }
}
