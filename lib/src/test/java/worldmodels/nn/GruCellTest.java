package worldmodels.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import org.junit.jupiter.api.Test;

class GruCellTest {

    private static final int IN = 3;
    private static final int HIDDEN = 4;

    @Test
    void isTheSameInPlainOperations() {
        try (NDManager manager = Compute.newManager()) {
            NDArray[] a = arrays(manager);
            assertArrayEquals(plain(a).toFloatArray(), cell(a).toFloatArray(), 1e-6f);
        }
    }

    @Test
    void gradientsAreThoseOfPlainOperations() {
        try (NDManager manager = Compute.newManager()) {
            NDArray[] one = arrays(manager);
            NDArray[] other = arrays(manager);
            for (NDArray[] arrays : new NDArray[][] {one, other}) {
                try (Gradients.Tape tape = Gradients.record()) {
                    for (NDArray array : arrays) {
                        array.setRequiresGradient(true);
                    }
                    tape.backward((arrays == one ? cell(arrays) : plain(arrays)).square().sum());
                }
            }
            for (int i = 0; i < one.length; i++) {
                assertArrayEquals(other[i].getGradient().toFloatArray(), one[i].getGradient().toFloatArray(), 1e-5f, "input " + i);
            }
        }
    }

    /** x, h, W, U, b, c */
    private static NDArray[] arrays(NDManager manager) {
        Shape[] shapes = {new Shape(2, IN), new Shape(2, HIDDEN), new Shape(3 * HIDDEN, IN), new Shape(3 * HIDDEN, HIDDEN), new Shape(3 * HIDDEN),
            new Shape(3 * HIDDEN)};
        NDArray[] arrays = new NDArray[shapes.length];
        for (int i = 0; i < shapes.length; i++) {
            arrays[i] = Noise.normal(manager, shapes[i], i + 1);
        }
        return arrays;
    }

    private static NDArray cell(NDArray[] a) {
        return RecurrentOps.gruCell(a[0], a[1], a[2], a[3], a[4], a[5]);
    }

    private static NDArray plain(NDArray[] a) {
        NDList x = Linear.linear(a[0], a[2], a[4]).singletonOrThrow().split(3, 1);
        NDList h = Linear.linear(a[1], a[3], a[5]).singletonOrThrow().split(3, 1);
        NDArray reset = Activation.sigmoid(x.get(0).add(h.get(0)));
        NDArray update = Activation.sigmoid(x.get(1).add(h.get(1)));
        NDArray candidate = Activation.tanh(x.get(2).add(reset.mul(h.get(2))));
        return candidate.sub(update.mul(candidate)).add(update.mul(a[1]));
    }
}
