package worldmodels.vision;

import java.lang.foreign.MemorySegment;
import worldmodels.nn.RowSums;

/**
 * A convolution 4 x 4 with stride 2 and no padding of a rectified picture, rectified in turn, for several pictures at once: {@link #take} them,
 * then {@link #apply}. Three fifths of such a picture are zeros after training, and they are left out.
 *
 * <p>The values above zero are listed line by line, so that what one output sees of an input line, four neighbouring pixels, is one
 * stretch of the list. Weights lie by block of outputs and by line of the kernel; such a slice stays in the processor's nearest cache
 * while all outputs of all pictures add their share of it.
 */
final class SparseConvolution {

    private static final int KERNEL = 4;
    private static final int STRIDE = 2;
    private static final RowSums SUMS = RowSums.INSTANCE;

    private final int side;
    private final int channels;
    private final int outputs;
    private final int newSide;
    private final MemorySegment weights;
    private final float[] bias;
    private final int pictures;

    // The lists of the pictures taken, and where each pixel's begins: (pictures, side lines, side + 1).
    private int taken;
    private int listed;
    private final int[] row;
    private final float[] value;
    private final int[] begin;
    private final float[] result;

    /**
     * @param side     height and width of a picture
     * @param channels of the picture
     * @param outputs  a multiple of {@link RowSums#COLUMNS}
     * @param kernel   (outputs, channels, 4, 4)
     * @param pictures at once: enough for a slice of weights to be used many times, few enough for their lists to stay in cache
     */
    SparseConvolution(int side, int channels, int outputs, float[] kernel, float[] bias, int pictures) {
        this.side = side;
        this.channels = channels;
        this.outputs = outputs;
        this.bias = bias;
        this.pictures = pictures;
        newSide = (side - KERNEL) / STRIDE + 1;
        float[] placed = new float[kernel.length];
        for (int o = 0; o < outputs; o++) {
            for (int c = 0; c < channels; c++) {
                for (int y = 0; y < KERNEL; y++) {
                    for (int x = 0; x < KERNEL; x++) {
                        placed[slice(o / RowSums.COLUMNS, y) + (x * channels + c) * RowSums.COLUMNS + o % RowSums.COLUMNS]
                                = kernel[((o * channels + c) * KERNEL + y) * KERNEL + x];
                    }
                }
            }
        }
        weights = RowSums.weights(placed);
        int most = pictures * side * side * channels + channels;
        row = new int[most];
        value = new float[most];
        begin = new int[pictures * side * (side + 1)];
        result = new float[pictures * newSide * newSide * outputs];
    }

    /** Where the weights of a block of outputs for a line of the kernel begin. */
    private int slice(int block, int line) {
        return (block * KERNEL + line) * KERNEL * channels * RowSums.COLUMNS;
    }

    /** Height and width of the result. */
    int newSide() {
        return newSide;
    }

    /** Values of one picture of the result, (newSide, newSide, outputs). */
    int newSize() {
        return newSide * newSide * outputs;
    }

    int taken() {
        return taken;
    }

    boolean isFull() {
        return taken == pictures;
    }

    /** Takes the picture (side, side, channels) that begins at {@code x[at]}; its values are not negative, and are not needed afterwards. */
    void take(float[] x, int at) {
        int n = listed;
        int mark = taken * side * (side + 1);
        for (int line = 0; line < side; line++) {
            for (int column = 0; column < side; column++) {
                begin[mark++] = n;
                n = SUMS.listPositive(x, at + (line * side + column) * channels, channels, column * channels * RowSums.COLUMNS, row, value, n);
            }
            begin[mark++] = n;
        }
        listed = n;
        taken++;
    }

    /** @return (pictures taken, newSide, newSide, outputs), overwritten by the next call; the pictures are forgotten */
    float[] apply() {
        for (int at = 0; at < taken * newSize(); at += outputs) {
            System.arraycopy(bias, 0, result, at, outputs);
        }
        for (int block = 0; block < outputs / RowSums.COLUMNS; block++) {
            for (int line = 0; line < KERNEL; line++) {
                addSlice(block, line);
            }
        }
        RowSums.rectify(result, taken * newSize());
        taken = 0;
        listed = 0;
        return result;
    }

    private void addSlice(int block, int line) {
        int slice = slice(block, line);
        int column = block * RowSums.COLUMNS;
        for (int picture = 0; picture < taken; picture++) {
            for (int y = 0; y < newSide; y++) {
                int first = (picture * side + STRIDE * y + line) * (side + 1);
                int out = (picture * newSide + y) * newSide;
                for (int x = 0; x < newSide; x++) {
                    // Rows are listed by the picture's column; the kernel's first column lies at STRIDE * x.
                    int offset = slice - STRIDE * x * channels * RowSums.COLUMNS;
                    SUMS.add(result, (out + x) * outputs + column, weights, offset, row, value, begin[first + STRIDE * x],
                            begin[first + STRIDE * x + KERNEL]);
                }
            }
        }
    }
}
