package worldmodels.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * Noise that depends on its seed and shape alone: no state to save, any thread, the same on every resume.
 *
 * <p>Noise in bulk is drawn where it is used: tens of millions of numbers per step take a GPU a moment, and a CPU and the way between them longer
 * than the rest of the step. On the CPU it is the same as the other; a GPU's generator gives other numbers. TorchScript makes no generators for
 * GPUs, so there the engine's own one is seeded before each draw; nothing else in the kit draws from it.
 */
public final class Noise {

    private Noise() {}

    /** @return float32 draws from N(0, 1), attached to the manager; the same numbers on every device */
    public static NDArray normal(NDManager manager, Shape shape, long seed) {
        return owned(manager, TorchScript.function("normal", """
                def forward(self, shape: List[int], seed: int) -> Tensor:
                  return torch.randn(shape, generator=torch.Generator(seed=seed), dtype=6)
                """).call(manager, shape.getShape(), seed).singletonOrThrow());
    }

    /** @return float32 draws evenly from [low, high), likewise */
    public static NDArray uniform(NDManager manager, Shape shape, float low, float high, long seed) {
        return owned(manager, TorchScript.function("uniform", """
                def forward(self, shape: List[int], seed: int, low: float, high: float) -> Tensor:
                  return torch.add(torch.mul(torch.rand(shape, generator=torch.Generator(seed=seed), dtype=6), high - low), low)
                """).call(manager, shape.getShape(), seed, low, high).singletonOrThrow());
    }

    /** {@link #normal} in bulk. */
    public static NDArray normalInBulk(NDManager manager, Shape shape, long seed) {
        return manager.getDevice().isGpu() ? normalOfEngine(manager, shape, seed) : normal(manager, shape, seed);
    }

    /** {@link #uniform} from [0, 1) in bulk. */
    public static NDArray uniformInBulk(NDManager manager, Shape shape, long seed) {
        return manager.getDevice().isGpu() ? uniformOfEngine(manager, shape, seed) : uniform(manager, shape, 0, 1, seed);
    }

    /**
     * Noise for several episodes at once, each lane's from a seed of its own: an episode is the same whoever is beside it.
     *
     * @param axis along which lanes lie
     * @param draw one lane's noise from its seed, of size 1 along the axis
     */
    public static NDArray lanes(int axis, long[] seeds, LongFunction<NDArray> draw) {
        NDList lanes = new NDList(seeds.length);
        for (long seed : seeds) {
            lanes.add(draw.apply(seed));
        }
        return lanes.size() == 1 ? lanes.get(0) : NDArrays.concat(lanes, axis);
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

    /** A copy outside the call is an ordinary, contiguous tensor on the manager's device, which a backward pass may keep. */
    static NDArray owned(NDManager manager, NDArray drawn) {
        try (drawn) {
            NDArray copy = drawn.getDevice().equals(manager.getDevice()) ? drawn.duplicate() : drawn.toDevice(manager.getDevice(), true);
            copy.attach(manager);
            return copy;
        }
    }
}
