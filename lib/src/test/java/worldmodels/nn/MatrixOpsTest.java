package worldmodels.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MatrixOpsTest {

    private final NDManager manager = Compute.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void orthogonalRowsOrColumnsAreOrthonormal() {
        for (long[] shape : new long[][] {{5, 8}, {8, 5}, {6, 6}}) {
            NDArray q = MatrixOps.orthogonal(manager, shape[0], shape[1], 11);
            assertEquals(new Shape(shape), q.getShape());
            NDArray product = shape[0] <= shape[1] ? q.matMul(q.transpose()) : q.transpose().matMul(q);
            int n = (int) Math.min(shape[0], shape[1]);
            assertArrayEquals(manager.eye(n).toFloatArray(), product.toFloatArray(), 1e-5f);
        }
    }
}
