package worldmodels.rl;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import worldmodels.nn.RowSums;

/**
 * A {@link Network} without attention in plain Java, which acts: an action is the same bits on every machine and in any number of lanes. Pictures lie pixel by
 * pixel here, (height, width, channels). One thread at a time.
 */
final class PlainNetwork {

    private static final RowSums SUMS = RowSums.INSTANCE;

    /** A convolution; a dense layer is one whose kernel is the whole picture, or one pixel with all numbers of a vector. */
    private static final class Layer {

        private final int side;
        private final int channels;
        private final int kernel;
        private final int stride;
        private final int newSide;
        private final int outputs;
        private final int blocks;
        private final MemorySegment weights;
        private final float[] bias;
        private final int[] row;
        private final float[] value;
        private final float[] sums;
        private final float[] result;

        /** @param weight (outputs, channels, kernel, kernel) row-major */
        Layer(int side, int channels, int kernel, int stride, float[] weight, float[] bias) {
            this.side = side;
            this.channels = channels;
            this.kernel = kernel;
            this.stride = stride;
            this.outputs = bias.length;
            newSide = (side - kernel) / stride + 1;
            blocks = (outputs + RowSums.COLUMNS - 1) / RowSums.COLUMNS;
            this.bias = Arrays.copyOf(bias, blocks * RowSums.COLUMNS);
            int patch = kernel * kernel * channels;
            float[] placed = new float[blocks * patch * RowSums.COLUMNS];
            for (int o = 0, from = 0; o < outputs; o++) {
                int block = o / RowSums.COLUMNS * patch * RowSums.COLUMNS + o % RowSums.COLUMNS;
                for (int c = 0; c < channels; c++) {
                    for (int pixel = 0; pixel < kernel * kernel; pixel++) {
                        placed[block + (pixel * channels + c) * RowSums.COLUMNS] = weight[from++];
                    }
                }
            }
            weights = RowSums.weights(placed);
            row = new int[patch + kernel * channels];
            value = new float[patch + kernel * channels];
            sums = new float[blocks * RowSums.COLUMNS];
            result = new float[newSide * newSide * outputs];
        }

        /** @param isPositive whether no number of x is below 0, so that the zeros are left out */
        float[] apply(float[] x, boolean isPositive) {
            int patch = kernel * kernel * channels;
            int line = kernel * channels;
            for (int y = 0, at = 0; y < newSide; y++) {
                for (int left = 0; left < newSide; left++, at += outputs) {
                    int n = 0;
                    for (int dy = 0; dy < kernel; dy++) {
                        int begin = ((y * stride + dy) * side + left * stride) * channels;
                        n = isPositive ? SUMS.listPositive(x, begin, line, dy * line * RowSums.COLUMNS, row, value, n) : list(x, begin, line, n);
                    }
                    System.arraycopy(bias, 0, sums, 0, sums.length);
                    for (int block = 0; block < blocks; block++) {
                        SUMS.add(sums, block * RowSums.COLUMNS, weights, block * patch * RowSums.COLUMNS, row, value, 0, n);
                    }
                    System.arraycopy(sums, 0, result, at, outputs);
                }
            }
            return result;
        }

        private int list(float[] x, int begin, int count, int n) {
            for (int i = 0; i < count; i++) {
                row[n + i] = (n + i) * RowSums.COLUMNS;
            }
            System.arraycopy(x, begin, value, n, count);
            return n + count;
        }
    }

    private final NetworkShape shape;
    private final List<Layer> layers = new ArrayList<>();

    /**
     * @param seen    shape of an observation, as the environment has it
     * @param weights by their names within the network
     */
    PlainNetwork(NetworkShape shape, int[] seen, Function<String, float[]> weights) {
        this.shape = shape;
        boolean isPicture = !shape.filters().isEmpty();
        int side = isPicture ? seen[0] : 1;
        int channels = seen[seen.length - 1];
        for (NetworkShape.Filter filter : shape.filters()) {
            layers.add(layer("conv" + (layers.size() + 1), side, channels, filter.kernel(), filter.stride(), weights));
            side = layers.getLast().newSide;
            channels = filter.outputs();
        }
        for (int i = 1; i <= shape.widths().size(); i++) {
            layers.add(layer("hidden" + i, side, channels, side, 1, weights));
            side = 1;
            channels = shape.widths().get(i - 1);
        }
        layers.add(layer("output", 1, channels, 1, 1, weights));
    }

    private static Layer layer(String name, int side, int channels, int kernel, int stride, Function<String, float[]> weights) {
        return new Layer(side, channels, kernel, stride, weights.apply(name + ".weight"), weights.apply(name + ".bias"));
    }

    /** The outputs; overwritten by the next. */
    float[] apply(float[] x) {
        float[] h = x;
        for (Layer layer : layers) {
            h = layer.apply(h, shape.rectified() && h != x);
            if (layer != layers.getLast()) {
                activate(h);
            }
        }
        return h;
    }

    private void activate(float[] h) {
        if (shape.rectified()) {
            RowSums.rectify(h, h.length);
        } else {
            for (int i = 0; i < h.length; i++) {
                h[i] = (float) StrictMath.tanh(h[i]);
            }
        }
    }
}
