package worldmodels.report;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import worldmodels.run.KitException;

/**
 * A matrix small enough for a page: each row in whole numbers from -127 to 127, times the row's own scale, which is the row's largest number over 127. No number
 * is moved by more than half of its row's scale.
 *
 * @param rows    of the matrix
 * @param columns of the matrix
 * @param values  (rows, columns)
 * @param scales  (rows)
 */
public record EightBits(int rows, int columns, byte[] values, float[] scales) {

    private static final int MOST = 127;

    /** What {@code matrix} of {@code decoder.js} reads: values and scales as base64, numbers of 32 bits with the low byte first. */
    public record Text(int rows, int columns, String values, String scales) {}

    /**
     * @param matrix (rows, columns) row by row
     * @throws KitException if a number is not finite
     */
    public static EightBits of(float[] matrix, int rows) {
        int columns = matrix.length / rows;
        byte[] values = new byte[matrix.length];
        float[] scales = new float[rows];
        for (int row = 0; row < rows; row++) {
            float largest = 0;
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                if (!Float.isFinite(matrix[i])) {
                    throw new KitException("A weight is " + matrix[i] + " and cannot stand in a page; train the model again.");
                }
                largest = Math.max(largest, Math.abs(matrix[i]));
            }
            scales[row] = largest / MOST;
            for (int i = row * columns; i < (row + 1) * columns && largest > 0; i++) {
                values[i] = (byte) Math.round(matrix[i] / scales[row]);
            }
        }
        return new EightBits(rows, columns, values, scales);
    }

    /** The matrix as the page has it, row by row. */
    public float[] matrix() {
        float[] matrix = new float[values.length];
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] = values[i] * scales[i / columns];
        }
        return matrix;
    }

    public Text text() {
        return new Text(rows, columns, Base64.getEncoder().encodeToString(values), base64(scales));
    }

    /** Numbers of 32 bits as {@code floats} of {@code decoder.js} reads them. */
    public static String base64(float[] numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(numbers);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
