package worldmodels.env;

import java.nio.ByteBuffer;
import worldmodels.run.KitException;

/**
 * Resizes RGB pictures to the byte as Pillow's {@code Image.resize(..., BILINEAR)} does, which {@code scipy.misc.imresize} called: a
 * triangle filter widened by the scale, the horizontal pass first, each pass in 22-bit fixed point and rounded to 8 bits.
 *
 * <p>Each pass adds up whole lines, columns first and then rows, since the compiler turns that into vector instructions; to have the
 * columns as lines, the picture is turned before the first pass and back after it.
 *
 * <p>It may start from only the top rows of a picture. Allocates nothing after construction; one instance per thread.
 */
public final class TriangleResize {

    private static final int BITS = 22;
    private static final int HALF = 1 << BITS - 1;
    private static final int TAPS = 3;

    private final Pass across;
    private final Pass down;
    private final byte[] source;
    /** The picture's columns, each (height, 3); the row pass' inputs, each (newWidth, 3); and one line of results of either pass. */
    private final int[][] columns;
    private final int[][] rows;
    private final int[] newColumn;
    private final int[] newRow;
    private final byte[] result;

    /**
     * From {@code height} rows of {@code width} pixels to {@code newHeight} rows of {@code newWidth} pixels.
     *
     * @throws KitException if there are more than 1.5 times fewer of either, where the filter would need more than three inputs
     */
    public TriangleResize(int height, int width, int newHeight, int newWidth) {
        across = new Pass(width, newWidth);
        down = new Pass(height, newHeight);
        source = new byte[height * width * 3];
        columns = new int[width][height * 3];
        rows = new int[height][newWidth * 3];
        newColumn = new int[height * 3];
        newRow = new int[newWidth * 3];
        result = new byte[newHeight * newWidth * 3];
    }

    /**
     * Resizes one picture.
     *
     * @param picture (rows, width, 3) bytes, of which the first {@code height} rows from the buffer's position are read; its position does
     *                not move
     * @param target  (newHeight, newWidth, 3) bytes, written at the buffer's position, which advances
     */
    public void resize(ByteBuffer picture, ByteBuffer target) {
        if (picture.remaining() < source.length) {
            throw new KitException("A picture of " + picture.remaining() + " bytes cannot be resized: " + source.length
                    + " are needed; pass the whole frame.");
        }
        picture.get(picture.position(), source);
        turn();
        narrow();
        shorten();
        target.put(result);
    }

    private void turn() {
        int length = columns.length * 3;
        for (int x = 0; x < columns.length; x++) {
            int[] column = columns[x];
            for (int i = 0, at = 3 * x; i < column.length; i += 3, at += length) {
                column[i] = source[at] & 0xFF;
                column[i + 1] = source[at + 1] & 0xFF;
                column[i + 2] = source[at + 2] & 0xFF;
            }
        }
    }

    private void narrow() {
        for (int k = 0; k < across.first.length; k++) {
            across.output(k, columns, newColumn);
            for (int row = 0; row < rows.length; row++) {
                System.arraycopy(newColumn, 3 * row, rows[row], 3 * k, 3);
            }
        }
    }

    private void shorten() {
        for (int k = 0; k < down.first.length; k++) {
            down.output(k, rows, newRow);
            int to = k * newRow.length;
            for (int i = 0; i < newRow.length; i++) {
                result[to + i] = (byte) newRow[i];
            }
        }
    }

    /** The weights of one pass: output k is the sum of weights[3 k + i] times input first[k] + i, i = 0 to 2. */
    private static final class Pass {

        private final int[] first;
        private final int[] weights;

        private Pass(int inputs, int outputs) {
            first = new int[outputs];
            weights = new int[outputs * TAPS];
            double scale = (double) inputs / outputs;
            double reach = Math.max(scale, 1);
            if (reach > 1.5 || inputs < TAPS) {
                throw new KitException("Cannot resize " + inputs + " pixels to " + outputs + ": at most 1.5 times fewer, from 3 or more.");
            }
            for (int k = 0; k < outputs; k++) {
                double centre = (k + 0.5) * scale;
                int from = Math.max((int) (centre - reach + 0.5), 0);
                double[] triangle = new double[Math.min((int) (centre + reach + 0.5), inputs) - from];
                double sum = 0;
                for (int i = 0; i < triangle.length; i++) {
                    triangle[i] = Math.max(1 - Math.abs((from + i - centre + 0.5) / reach), 0);
                    sum += triangle[i];
                }
                // Near the end the three inputs begin earlier, with weights of 0.
                first[k] = Math.min(from, inputs - TAPS);
                for (int i = 0; i < triangle.length; i++) {
                    weights[TAPS * k + from - first[k] + i] = (int) (0.5 + triangle[i] / sum * (1 << BITS));
                }
            }
        }

        /** Output line k. */
        private void output(int k, int[][] lines, int[] result) {
            weigh(lines[first[k]], weights[TAPS * k], lines[first[k] + 1], weights[TAPS * k + 1],
                    lines[first[k] + 2], weights[TAPS * k + 2], result);
        }

        private static void weigh(int[] a, int wa, int[] b, int wb, int[] c, int wc, int[] result) {
            for (int i = 0; i < result.length; i++) {
                result[i] = HALF + wa * a[i] + wb * b[i] + wc * c[i] >> BITS;
            }
        }
    }
}
