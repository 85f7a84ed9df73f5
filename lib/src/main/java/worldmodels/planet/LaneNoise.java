package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.function.LongFunction;
import worldmodels.nn.DeviceNoise;

/** Noise for several episodes at once, each lane's from a seed of its own: an episode is the same whoever is beside it. */
final class LaneNoise {

    private LaneNoise() {}

    /**
     * @param each one lane's shape, 1 along the axis
     * @param axis along which lanes lie
     * @return draws from N(0, 1)
     */
    static NDArray normal(NDManager scope, Shape each, int axis, long[] seeds) {
        return joined(axis, seeds, seed -> DeviceNoise.normal(scope, each, seed));
    }

    /** The same with draws evenly from [0, 1). */
    static NDArray uniform(NDManager scope, Shape each, int axis, long[] seeds) {
        return joined(axis, seeds, seed -> DeviceNoise.uniform(scope, each, seed));
    }

    private static NDArray joined(int axis, long[] seeds, LongFunction<NDArray> draw) {
        NDList lanes = new NDList(seeds.length);
        for (long seed : seeds) {
            lanes.add(draw.apply(seed));
        }
        return lanes.size() == 1 ? lanes.get(0) : NDArrays.concat(lanes, axis);
    }
}
