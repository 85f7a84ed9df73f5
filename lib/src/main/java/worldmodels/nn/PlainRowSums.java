package worldmodels.nn;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** {@link RowSums} without vectors: for a JVM that was started without the launcher's flags, and as the other one's yardstick. */
final class PlainRowSums implements RowSums {

    @Override
    public void add(float[] sums, int at, MemorySegment weights, int offset, int[] row, float[] value, int from, int to) {
        for (int j = 0; j < COLUMNS; j++) {
            float even = sums[at + j];
            float odd = 0;
            int k = from;
            for (; k + 1 < to; k += 2) {
                even = Math.fma(value[k], weight(weights, offset + row[k] + j), even);
                odd = Math.fma(value[k + 1], weight(weights, offset + row[k + 1] + j), odd);
            }
            if (k < to) {
                even = Math.fma(value[k], weight(weights, offset + row[k] + j), even);
            }
            sums[at + j] = even + odd;
        }
    }

    @Override
    public int listPositive(float[] x, int begin, int count, int firstRow, int[] row, float[] value, int n) {
        for (int i = 0; i < count; i++) {
            float v = x[begin + i];
            row[n] = firstRow + i * COLUMNS;
            value[n] = v;
            n += v > 0 ? 1 : 0;
        }
        return n;
    }

    @Override
    public void fourPatches(float[] picture, int from, int shift, int lines, int length, int stride, MemorySegment weights, float[] bias,
            int outputs, float[] out, int at) {
        for (int patch = 0; patch < 4; patch++) {
            for (int j = 0; j < outputs; j++) {
                float sum = bias[j];
                for (int line = 0; line < lines; line++) {
                    for (int i = 0; i < length; i++) {
                        sum = Math.fma(picture[from + patch * shift + line * stride + i],
                                weight(weights, (line * length + i) * outputs + j), sum);
                    }
                }
                out[at + patch * outputs + j] = Math.max(sum, 0);
            }
        }
    }

    private static float weight(MemorySegment weights, int i) {
        return weights.getAtIndex(ValueLayout.JAVA_FLOAT, i);
    }
}
