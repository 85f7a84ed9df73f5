package worldmodels.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TorchScriptTest {

    /** DJL prepares a block in its first forward pass, and without a lock: two first passes at once can break each other's lists. */
    @Test
    void isCalledForTheFirstTimeByTwoThreadsAtOnce() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (NDManager manager = Compute.newManager()) {
            for (int i = 0; i < 500; i++) {
                TorchScript sum = TorchScript.function("sum of eight " + i, """
                        def forward(self, a: Tensor, b: Tensor, c: Tensor, d: Tensor, e: Tensor, f: Tensor, g: Tensor, h: Tensor) -> Tensor:
                          return torch.add(torch.add(torch.add(a, b), torch.add(c, d)), torch.add(torch.add(e, f), torch.add(g, h)))
                        """);
                AtomicInteger arrived = new AtomicInteger();
                Future<Float> there = other.submit(() -> called(sum, manager, arrived));
                assertEquals(8f, called(sum, manager, arrived));
                assertEquals(8f, there.get());
            }
        } finally {
            other.shutdownNow();
        }
    }

    private static float called(TorchScript sum, NDManager manager, AtomicInteger arrived) {
        try (NDManager own = manager.newSubManager()) {
            NDArray[] ones = new NDArray[8];
            Arrays.setAll(ones, j -> own.ones(new Shape(1)));
            arrived.incrementAndGet();
            while (arrived.get() < 2) {
                Thread.onSpinWait();
            }
            return sum.apply(ones).toFloatArray()[0];
        }
    }
}
