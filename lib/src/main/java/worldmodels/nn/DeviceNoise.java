package worldmodels.nn;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * Noise in bulk, drawn where it is used: tens of millions of numbers per step take a GPU a moment, and a CPU and the way between them longer
 * than the rest of the step. Like {@link TorchOps#normal} it depends on seed and shape alone, and on the CPU it is the same; a GPU's generator
 * gives other numbers than the CPU's.
 */
public final class DeviceNoise {

    /** Devices whose generator the engine does not offer: their noise is drawn on the CPU. */
    private static final ConcurrentMap<Device, Boolean> WITHOUT = new ConcurrentHashMap<>();

    private DeviceNoise() {}

    /** @return float32 draws from N(0, 1), attached to the manager and on its device */
    public static NDArray normal(NDManager manager, Shape shape, long seed) {
        return drawn(manager, shape, seed, "randn", () -> TorchOps.normal(manager, shape, seed));
    }

    /** @return float32 draws evenly from [0, 1), attached to the manager and on its device */
    public static NDArray uniform(NDManager manager, Shape shape, long seed) {
        return drawn(manager, shape, seed, "rand", () -> TorchOps.uniform(manager, shape, 0, 1, seed));
    }

    private static NDArray drawn(NDManager manager, Shape shape, long seed, String law, Supplier<NDArray> onCpu) {
        Device device = manager.getDevice();
        if (!device.isGpu() || WITHOUT.containsKey(device)) {
            return onCpu.get();
        }
        try {
            return onDevice(manager, shape, seed, law, "cuda:" + device.getDeviceId());
        } catch (EngineException e) {
            WITHOUT.put(device, true);
            return onCpu.get();
        }
    }

    /** @param device as PyTorch names it, e.g. {@code cuda:0} */
    static NDArray onDevice(NDManager manager, Shape shape, long seed, String law, String device) {
        try (NDArray drawn = TorchScript.function(law + " on " + device, """
                def forward(self, shape: List[int], seed: int) -> Tensor:
                  d = torch.device("%2$s")
                  return torch.%1$s(shape, generator=torch.Generator(device=d, seed=seed), dtype=6, device=d)
                """.formatted(law, device)).call(manager, shape.getShape(), seed).singletonOrThrow()) {
            // What a call without gradients returns cannot enter a backward pass; a copy can.
            NDArray copy = drawn.duplicate();
            copy.attach(manager);
            return copy;
        }
    }
}
