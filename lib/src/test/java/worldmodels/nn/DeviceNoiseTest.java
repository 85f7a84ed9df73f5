package worldmodels.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;

class DeviceNoiseTest {

    private static final Shape SHAPE = new Shape(50, 40);

    @Test
    void generatorThatANamedDeviceHasGivesTheSameOnTheCpu() {
        try (NDManager manager = Compute.newManager()) {
            assertArrayEquals(TorchOps.normal(manager, SHAPE, 7).toFloatArray(), DeviceNoise.onDevice(manager, SHAPE, 7, "randn", "cpu").toFloatArray());
            assertArrayEquals(TorchOps.uniform(manager, SHAPE, 0, 1, 7).toFloatArray(), DeviceNoise.onDevice(manager, SHAPE, 7, "rand", "cpu").toFloatArray());
        }
    }

    @Test
    void dependsOnSeedAndShapeAlone() {
        try (NDManager manager = Compute.newManager()) {
            assertArrayEquals(DeviceNoise.normal(manager, SHAPE, 7).toFloatArray(), DeviceNoise.normal(manager, SHAPE, 7).toFloatArray());
            NDArray normal = DeviceNoise.normal(manager, new Shape(100_000), 8);
            assertEquals(0, normal.mean().toFloatArray()[0], 0.02);
            assertEquals(1, normal.square().mean().toFloatArray()[0], 0.02);
            NDArray uniform = DeviceNoise.uniform(manager, new Shape(100_000), 8);
            assertEquals(0.5, uniform.mean().toFloatArray()[0], 0.01);
        }
    }
}
