package worldmodels.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** Until the last caller says {@link Noise} itself. */
public final class DeviceNoise {

    private DeviceNoise() {}

    public static NDArray normal(NDManager manager, Shape shape, long seed) {
        return Noise.normalInBulk(manager, shape, seed);
    }

    public static NDArray uniform(NDManager manager, Shape shape, long seed) {
        return Noise.uniformInBulk(manager, shape, seed);
    }
}
