package worldmodels.memory;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import worldmodels.nn.RowSums;

/**
 * y = b + W x in plain Java, for many rows at once: block of outputs by block, so that its weights stay in the nearest cache while all rows pass.
 * Each row by itself, in one order of additions ({@link RowSums}).
 */
final class DenseRows {

    private static final RowSums SUMS = RowSums.INSTANCE;

    private final int inputs;
    private final int width;
    private final MemorySegment weights;
    private final float[] bias;
    private int[] places = {};

    /**
     * @param parts matrices side by side, each (outputs, its inputs) row-major
     * @param bias  (outputs)
     */
    DenseRows(float[] bias, float[]... parts) {
        int outputs = bias.length;
        width = (outputs + RowSums.COLUMNS - 1) / RowSums.COLUMNS * RowSums.COLUMNS;
        this.bias = Arrays.copyOf(bias, width);
        inputs = Arrays.stream(parts).mapToInt(part -> part.length / outputs).sum();
        float[] placed = new float[inputs * width];
        int first = 0;
        for (float[] part : parts) {
            int columns = part.length / outputs;
            for (int o = 0; o < outputs; o++) {
                int block = o / RowSums.COLUMNS * inputs * RowSums.COLUMNS;
                for (int i = 0; i < columns; i++) {
                    placed[block + (first + i) * RowSums.COLUMNS + o % RowSums.COLUMNS] = part[o * columns + i];
                }
            }
            first += columns;
        }
        weights = RowSums.weights(placed);
    }

    /** Length of one row of x. */
    int inputs() {
        return inputs;
    }

    /** Length of one row of y: the outputs in whole blocks. */
    int width() {
        return width;
    }

    /**
     * @param x     (rows, inputs) row-major
     * @param rows  how many
     * @param y     receives (rows, width)
     */
    void apply(float[] x, int rows, float[] y) {
        if (places.length < rows * inputs) {
            places = new int[rows * inputs];
            for (int i = 0; i < places.length; i++) {
                places[i] = i % inputs * RowSums.COLUMNS;
            }
        }
        for (int row = 0; row < rows; row++) {
            System.arraycopy(bias, 0, y, row * width, width);
        }
        for (int column = 0; column < width; column += RowSums.COLUMNS) {
            for (int row = 0; row < rows; row++) {
                SUMS.add(y, row * width + column, weights, column * inputs, places, x, row * inputs, (row + 1) * inputs);
            }
        }
    }
}
