package worldmodels.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;

class NoiseTest {

    private static final Shape SHAPE = new Shape(50, 40);

    /** The way that GPUs take, taken by the CPU, whose generator gives what one of our own would. */
    @Test
    void engineSeededBeforeEachDrawGivesTheNoiseOfThatSeed() {
        try (NDManager manager = Compute.newManager()) {
            Noise.normalOfEngine(manager, SHAPE, 6);
            assertArrayEquals(Noise.normal(manager, SHAPE, 7).toFloatArray(), Noise.normalOfEngine(manager, SHAPE, 7).toFloatArray());
            assertArrayEquals(Noise.uniform(manager, SHAPE, 0, 1, 7).toFloatArray(), Noise.uniformOfEngine(manager, SHAPE, 7).toFloatArray());
        }
    }

    @Test
    void dependsOnSeedAndShapeAlone() {
        try (NDManager manager = Compute.newManager()) {
            assertArrayEquals(Noise.normalInBulk(manager, SHAPE, 7).toFloatArray(), Noise.normalInBulk(manager, SHAPE, 7).toFloatArray());
            NDArray normal = Noise.normalInBulk(manager, new Shape(100_000), 8);
            assertEquals(0, normal.mean().toFloatArray()[0], 0.02);
            assertEquals(1, normal.square().mean().toFloatArray()[0], 0.02);
            NDArray uniform = Noise.uniformInBulk(manager, new Shape(100_000), 8);
            assertEquals(0.5, uniform.mean().toFloatArray()[0], 0.01);
        }
    }
}
