package worldmodels.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TorchOpsTest {

    private final NDManager manager = Compute.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    /** The backward pass reads a factor again, long after; DJL's own product has given the factor's memory back by then. */
    @Test
    void aFactorOutlivesCollectionsBeforeTheBackwardPass() throws InterruptedException {
        int count = 2000;
        NDArray x = manager.ones(new Shape(count));
        x.setRequiresGradient(true);
        try (Gradients.Tape tape = Gradients.record()) {
            NDList parts = new NDList();
            for (int i = 0; i < count; i++) {
                parts.add(TorchOps.atLeast(TorchOps.times(x.get(i + ":" + (i + 1)), 3), 1));
            }
            NDArray sum = NDArrays.concat(parts).sum();
            List<ByteBuffer> newcomers = new ArrayList<>();
            for (int round = 0; round < 5; round++) {
                System.gc();
                Thread.sleep(100);
                for (int i = 0; i < count; i++) {
                    newcomers.add(ByteBuffer.allocateDirect(4).order(ByteOrder.nativeOrder()).putFloat(0, 7));
                }
            }
            tape.backward(sum);
            assertEquals(5 * count, newcomers.size());
        }
        float[] three = new float[count];
        Arrays.fill(three, 3);
        assertArrayEquals(three, x.getGradient().toFloatArray());
    }
}
