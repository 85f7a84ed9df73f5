package worldmodels.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

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

    /** Each input pixel adds its multiple of the kernel at stride times its place. */
    @Test
    void transposedConvolutionAddsOneKernelPerPixel() {
        int in = 2;
        int out = 3;
        int kernel = 3;
        int stride = 2;
        int size = 4;
        int wide = (size - 1) * stride + kernel;
        NDArray x = TorchOps.normal(manager, new Shape(1, in, size, size), 1);
        NDArray w = TorchOps.normal(manager, new Shape(in, out, kernel, kernel), 2);
        NDArray b = TorchOps.normal(manager, new Shape(out), 3);
        float[] xs = x.toFloatArray();
        float[] ws = w.toFloatArray();
        float[] bs = b.toFloatArray();
        float[] expected = new float[out * wide * wide];
        for (int o = 0; o < out; o++) {
            Arrays.fill(expected, o * wide * wide, (o + 1) * wide * wide, bs[o]);
            for (int i = 0; i < in; i++) {
                for (int row = 0; row < size; row++) {
                    for (int column = 0; column < size; column++) {
                        for (int k = 0; k < kernel * kernel; k++) {
                            int y = row * stride + k / kernel;
                            int at = (o * wide + y) * wide + column * stride + k % kernel;
                            expected[at] += xs[(i * size + row) * size + column] * ws[(i * out + o) * kernel * kernel + k];
                        }
                    }
                }
            }
        }
        NDArray y = TorchOps.convTranspose2d(x, w, b, stride);
        assertEquals(new Shape(1, out, wide, wide), y.getShape());
        assertArrayEquals(expected, y.toFloatArray(), 1e-5f);
    }

    /** The shapes of the decoder: one pixel, odd and even kernels; and another stride. */
    @Test
    void transposedConvolutionEqualsPyTorchsOwn() {
        int[][] cases = {{1, 5, 2}, {1, 4, 3}, {5, 5, 2}, {13, 6, 2}, {3, 2, 2}, {4, 1, 2}, {4, 3, 1}, {3, 4, 3}};
        for (int[] c : cases) {
            NDArray x = TorchOps.normal(manager, new Shape(3, 8, c[0], c[0]), 1);
            NDArray w = TorchOps.normal(manager, new Shape(8, 4, c[1], c[1]), 2);
            NDArray b = TorchOps.normal(manager, new Shape(4), 3);
            NDArray expected = TorchOps.plainConvTranspose2d(x, w, b, c[2]);
            NDArray found = TorchOps.convTranspose2d(x, w, b, c[2]);
            assertEquals(expected.getShape(), found.getShape(), Arrays.toString(c));
            assertArrayEquals(expected.toFloatArray(), found.toFloatArray(), 3e-5f, Arrays.toString(c));
        }
    }

    @Test
    void transposedConvolutionHasTheGradientOfFiniteDifferences() {
        NDArray x = TorchOps.normal(manager, new Shape(2, 3, 3, 3), 1);
        NDArray target = TorchOps.normal(manager, new Shape(2, 2, 8, 8), 4);
        try (Parameters parameters = new Parameters(manager)) {
            NDArray w = parameters.add("w", TorchOps.normal(manager, new Shape(3, 2, 4, 4), 2));
            NDArray b = parameters.add("b", TorchOps.normal(manager, new Shape(2), 3));
            try (Gradients.Tape tape = Gradients.record()) {
                tape.backward(TorchOps.convTranspose2d(x, w, b, 2).sub(target).square().sum());
            }
            float[] byTape = w.getGradient().toFloatArray();
            float[] values = w.toFloatArray();
            for (int i = 0; i < values.length; i += 17) {
                float h = 1e-2f;
                double up = lossWith(x, target, values, i, h, b);
                double down = lossWith(x, target, values, i, -h, b);
                // The loss is quadratic in w, so central differences are exact but for rounding.
                assertEquals((up - down) / (2 * h), byTape[i], 0.05 + 1e-3 * Math.abs(byTape[i]), "weight " + i);
            }
        }
    }

    private double lossWith(NDArray x, NDArray target, float[] values, int index, float change, NDArray b) {
        float[] moved = values.clone();
        moved[index] += change;
        NDArray w = manager.create(moved, new Shape(3, 2, 4, 4));
        double sum = 0;
        for (float f : TorchOps.convTranspose2d(x, w, b.stopGradient(), 2).sub(target).toFloatArray()) {
            sum += (double) f * f;
        }
        return sum;
    }

    @Test
    void noiseDependsOnSeedAndShapeAlone() {
        float[] first = TorchOps.normal(manager, new Shape(100, 100), 5).toFloatArray();
        TorchOps.normal(manager, new Shape(7), 6);
        assertArrayEquals(first, TorchOps.normal(manager, new Shape(100, 100), 5).toFloatArray());
        assertFalse(Arrays.equals(first, TorchOps.normal(manager, new Shape(100, 100), 6).toFloatArray()));
        double mean = 0;
        double square = 0;
        for (float f : first) {
            mean += f / first.length;
            square += (double) f * f / first.length;
        }
        assertEquals(0, mean, 0.05);
        assertEquals(1, square, 0.06);
    }

    @Test
    void noiseCanEnterABackwardPass() {
        try (Parameters parameters = new Parameters(manager); Gradients.Tape tape = Gradients.record()) {
            NDArray sigma = parameters.add("sigma", manager.ones(new Shape(8)));
            NDArray noise = TorchOps.normal(manager, new Shape(8), 3);
            tape.backward(noise.mul(sigma).sum());
            assertArrayEquals(noise.toFloatArray(), sigma.getGradient().toFloatArray());
        }
    }

    @Test
    void uniformStaysInItsRange() {
        float[] drawn = TorchOps.uniform(manager, new Shape(10_000), -2, 3, 9).toFloatArray();
        double mean = 0;
        for (float f : drawn) {
            assertEquals(0.5, f, 2.5);
            mean += f / drawn.length;
        }
        assertEquals(0.5, mean, 0.06);
    }

    @Test
    void orthogonalRowsOrColumnsAreOrthonormal() {
        for (long[] shape : new long[][] {{5, 8}, {8, 5}, {6, 6}}) {
            NDArray q = Initialisers.orthogonal(manager, shape[0], shape[1], 11);
            assertEquals(new Shape(shape), q.getShape());
            NDArray product = shape[0] <= shape[1] ? q.matMul(q.transpose()) : q.transpose().matMul(q);
            int n = (int) Math.min(shape[0], shape[1]);
            assertArrayEquals(manager.eye(n).toFloatArray(), product.toFloatArray(), 1e-5f);
        }
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
