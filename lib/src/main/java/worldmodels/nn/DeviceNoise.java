package worldmodels.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Supplier;

/**
 * Noise in bulk, drawn where it is used: tens of millions of numbers per step take a GPU a moment, and a CPU and the way between them longer
 * than the rest of the step. Like {@link TorchOps#normal} it depends on seed and shape alone, and on the CPU it is the same; a GPU's generator
 * gives other numbers than the CPU's. TorchScript makes no generators for GPUs, so there the engine's own one is seeded before each draw; nothing
 * else in the kit draws from it.
 */
public final class DeviceNoise {

    private DeviceNoise() {}

    /** @return float32 draws from N(0, 1), attached to the manager and on its device */
    public static NDArray normal(NDManager manager, Shape shape, long seed) {
        return manager.getDevice().isGpu() ? normalOfEngine(manager, shape, seed) : TorchOps.normal(manager, shape, seed);
    }

    /** @return float32 draws evenly from [0, 1), attached to the manager and on its device */
    public static NDArray uniform(NDManager manager, Shape shape, long seed) {
        return manager.getDevice().isGpu() ? uniformOfEngine(manager, shape, seed) : TorchOps.uniform(manager, shape, 0, 1, seed);
    }

    static NDArray normalOfEngine(NDManager manager, Shape shape, long seed) {
        return seeded(seed, () -> manager.randomNormal(0, 1, shape, DataType.FLOAT32));
    }

    static NDArray uniformOfEngine(NDManager manager, Shape shape, long seed) {
        return seeded(seed, () -> manager.randomUniform(0, 1, shape, DataType.FLOAT32));
    }

    /** One generator for all threads: no other may draw between its seed and the draw. */
    private static synchronized NDArray seeded(long seed, Supplier<NDArray> draw) {
        JniUtils.setSeed(seed);
        return draw.get();
    }
}
