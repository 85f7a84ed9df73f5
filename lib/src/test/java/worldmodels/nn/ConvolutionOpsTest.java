package worldmodels.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConvolutionOpsTest {

    private final NDManager manager = Compute.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    /** What lies in memory before an operation must not show in its gradient; libtorch's own convolution fails this on some processors. */
    @Test
    void gradientsOfConvolutionsDoNotDependOnWhatMemoryHeldBefore() {
        int[][] inOutKernel = {{64, 8, 3}, {32, 8, 3}, {68, 16, 3}, {24, 40, 3}, {8, 20, 5}, {12, 6, 5}, {8, 3, 3}};
        for (int[] c : inOutKernel) {
            NDArray v = Noise.normal(manager, new Shape(c[1], c[0], c[2], c[2]), 2);
            NDArray zeros = manager.zeros(new Shape(c[1]));
            assertSameGradientEachTime(new Shape(16, c[0], 8, 8), v, Arrays.toString(c),
                    x -> ConvolutionOps.normalisedConv2d(x, v, zeros, zeros, 1, (c[2] - 1) / 2, 1));
        }
        NDArray single = Noise.normal(manager, new Shape(24, 1, 5, 5), 2);
        NDArray none = manager.zeros(new Shape(24));
        assertSameGradientEachTime(new Shape(16, 24, 8, 8), single, "each channel by itself",
                x -> ConvolutionOps.normalisedConv2d(x, single, none, none, 1, 2, 24));
        NDArray w = Noise.normal(manager, new Shape(32, 3, 6, 6), 2);
        NDArray bias = manager.zeros(new Shape(3));
        assertSameGradientEachTime(new Shape(8, 32, 14, 14), w, "transposed", x -> ConvolutionOps.convTranspose2d(x, w, bias));
    }

    /** Against its definition, with gradients: dy/dw is the input under the window, dy/dx the window over the input. */
    @Test
    void aConvolutionOfEachChannelByItselfIsASumOverItsWindow() {
        for (int kernel : new int[] {3, 5, 7}) {
            int channels = 3;
            int size = 6;
            NDArray x = Noise.normal(manager, new Shape(2, channels, size, size), 1);
            NDArray w = Noise.normal(manager, new Shape(channels, 1, kernel, kernel), 2);
            NDArray length = w.reshape(channels, -1).square().sum(new int[] {1}).sqrt().log();
            NDArray bias = Noise.normal(manager, new Shape(channels), 3);
            NDArray derivative = Noise.normal(manager, x.getShape(), 4);
            x.setRequiresGradient(true);
            bias.setRequiresGradient(true);
            w.setRequiresGradient(true);
            float[] y;
            try (Gradients.Tape tape = Gradients.record()) {
                NDArray output = ConvolutionOps.normalisedConv2d(x, w, length, bias, 1, kernel / 2, channels);
                y = output.toFloatArray();
                tape.backward(output, derivative);
            }
            float[] input = x.toFloatArray();
            float[] weights = w.toFloatArray();
            float[] slopes = derivative.toFloatArray();
            double[] expected = new double[y.length];
            double[] ofInput = new double[y.length];
            double[] ofWeights = new double[weights.length];
            double[] ofBias = new double[channels];
            for (int at = 0; at < y.length; at++) {
                int channel = at / (size * size) % channels;
                expected[at] += bias.toFloatArray()[channel];
                ofBias[channel] += slopes[at];
                for (int tap = 0; tap < kernel * kernel; tap++) {
                    int row = at / size % size + tap / kernel - kernel / 2;
                    int column = at % size + tap % kernel - kernel / 2;
                    if (row >= 0 && row < size && column >= 0 && column < size) {
                        int from = at / (size * size) * size * size + row * size + column;
                        int weight = channel * kernel * kernel + tap;
                        expected[at] += weights[weight] * input[from];
                        ofInput[from] += weights[weight] * slopes[at];
                        ofWeights[weight] += input[from] * slopes[at];
                    }
                }
            }
            assertNear(expected, y, "output of " + kernel);
            assertNear(ofInput, x.getGradient().toFloatArray(), "gradient of the input, " + kernel);
            assertNear(ofBias, bias.getGradient().toFloatArray(), "gradient of the bias, " + kernel);
            assertNear(acrossDirections(ofWeights, weights, kernel * kernel), w.getGradient().toFloatArray(), "gradient of the weights, " + kernel);
        }
    }

    /** The length is a parameter of its own, so the direction's gradient has no part along itself. */
    private static double[] acrossDirections(double[] gradient, float[] direction, int length) {
        double[] across = gradient.clone();
        for (int row = 0; row < gradient.length; row += length) {
            double along = 0;
            double square = 0;
            for (int i = row; i < row + length; i++) {
                along += gradient[i] * direction[i];
                square += direction[i] * direction[i];
            }
            for (int i = row; i < row + length; i++) {
                across[i] -= along / square * direction[i];
            }
        }
        return across;
    }

    private static void assertNear(double[] expected, float[] actual, String what) {
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 2e-5 * (1 + Math.abs(expected[i])), what + " at " + i);
        }
    }

    private void assertSameGradientEachTime(Shape input, NDArray weight, String what, UnaryOperator<NDArray> operation) {
        weight.setRequiresGradient(true);
        float[][] first = null;
        for (int time = 0; time < 8; time++) {
            fillFreedMemoryWithNaN();
            try (NDManager scope = manager.newSubManager(); Gradients.Tape tape = Gradients.record()) {
                NDArray x = Noise.normal(scope, input, 1);
                x.setRequiresGradient(true);
                tape.backward(operation.apply(x).square().sum());
                NDArray gradient = weight.getGradient();
                float[][] gradients = {x.getGradient().toFloatArray(), gradient.toFloatArray()};
                gradient.subi(gradient.duplicate());
                first = first == null ? gradients : first;
                assertArrayEquals(first[0], gradients[0], what + ", input");
                assertArrayEquals(first[1], gradients[1], what + ", weight");
            }
        }
        assertTrue(Float.isFinite(first[0][0]) && Float.isFinite(first[1][0]), what);
    }

    private void fillFreedMemoryWithNaN() {
        for (int size = 1 << 6; size <= 1 << 20; size *= 2) {
            for (int i = 0; i < 3; i++) {
                try (NDArray freed = manager.create(new Shape(size))) {
                    freed.addi(Float.NaN);
                }
            }
        }
    }

    /** Each input pixel adds its multiple of the kernel at twice its place. The decoder's shapes: one pixel, odd and even kernels. */
    @Test
    void transposedConvolutionAddsOneKernelPerPixel() {
        int[][] cases = {{2, 3, 4, 3}, {8, 4, 1, 5}, {8, 4, 1, 4}, {16, 8, 5, 5}, {32, 3, 13, 6}, {8, 4, 3, 2}, {8, 4, 4, 1}, {64, 32, 6, 6}};
        for (int[] c : cases) {
            fillFreedMemoryWithNaN();
            NDArray x = Noise.normal(manager, new Shape(2, c[0], c[2], c[2]), 1);
            NDArray w = Noise.normal(manager, new Shape(c[0], c[1], c[3], c[3]), 2);
            NDArray b = Noise.normal(manager, new Shape(c[1]), 3);
            NDArray y = ConvolutionOps.convTranspose2d(x, w, b);
            int wide = 2 * (c[2] - 1) + c[3];
            assertEquals(new Shape(2, c[1], wide, wide), y.getShape());
            assertArrayEquals(transposed(c[0], c[1], c[2], c[3], x.toFloatArray(), w.toFloatArray(), b.toFloatArray()), y.toFloatArray(), 1e-4f,
                    Arrays.toString(c));
        }
    }

    /** What a GPU computes by; here with channels that fill a processor's vectors, as others come out wrong on some. */
    @Test
    void theEnginesOwnTransposedConvolutionIsTheSame() {
        for (int[] c : new int[][] {{32, 16, 5, 5}, {16, 16, 6, 6}}) {
            NDArray x = Noise.normal(manager, new Shape(2, c[0], c[2], c[2]), 1);
            NDArray w = Noise.normal(manager, new Shape(c[0], c[1], c[3], c[3]), 2);
            NDArray b = Noise.normal(manager, new Shape(c[1]), 3);
            assertArrayEquals(ConvolutionOps.convTranspose2d(x, w, b).toFloatArray(), ConvolutionOps.convTranspose2dOfEngine(x, w, b).toFloatArray(), 1e-3f,
                    Arrays.toString(c));
        }
    }

    private static float[] transposed(int in, int out, int size, int kernel, float[] x, float[] w, float[] b) {
        int wide = 2 * (size - 1) + kernel;
        double[] sums = new double[2 * out * wide * wide];
        for (int n = 0; n < 2; n++) {
            for (int o = 0; o < out; o++) {
                int plane = (n * out + o) * wide * wide;
                Arrays.fill(sums, plane, plane + wide * wide, b[o]);
                for (int i = 0; i < in; i++) {
                    for (int p = 0; p < size * size; p++) {
                        for (int k = 0; k < kernel * kernel; k++) {
                            int at = (2 * (p / size) + k / kernel) * wide + 2 * (p % size) + k % kernel;
                            sums[plane + at] += (double) x[(n * in + i) * size * size + p] * w[(i * out + o) * kernel * kernel + k];
                        }
                    }
                }
            }
        }
        float[] rounded = new float[sums.length];
        for (int i = 0; i < sums.length; i++) {
            rounded[i] = (float) sums[i];
        }
        return rounded;
    }

    @Test
    void transposedConvolutionHasTheGradientOfFiniteDifferences() {
        NDArray x = Noise.normal(manager, new Shape(2, 3, 3, 3), 1);
        NDArray target = Noise.normal(manager, new Shape(2, 2, 8, 8), 4);
        try (Parameters parameters = new Parameters(manager)) {
            NDArray w = parameters.add("w", Noise.normal(manager, new Shape(3, 2, 4, 4), 2));
            NDArray b = parameters.add("b", Noise.normal(manager, new Shape(2), 3));
            try (Gradients.Tape tape = Gradients.record()) {
                tape.backward(ConvolutionOps.convTranspose2d(x, w, b).sub(target).square().sum());
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
        for (float f : ConvolutionOps.convTranspose2d(x, w, b.stopGradient()).sub(target).toFloatArray()) {
            sum += (double) f * f;
        }
        return sum;
    }
}
