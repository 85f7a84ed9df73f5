package worldmodels.nn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The inner loops of a network that acts: sums of weight rows, in plain Java instead of one native call per operation. Acting differs from
 * training: there is no gradient, about three fifths of what a rectified layer gives is zero, and the same episode should give the
 * same bits on every machine, however wide its vectors are. So a sum here has one order of additions, which is written down below, and
 * every product is added with one rounding ({@link Math#fma(float, float, float)}).
 *
 * <p>Weights lie in blocks of {@value #COLUMNS} columns: block b of a (rows x outputs) matrix is (rows x {@value #COLUMNS}), row after row. They
 * are kept by {@link #weights} outside the heap, where a row begins with a cache line: from the nearest cache that alone is worth a fifth.
 *
 * <p>Two implementations give the same bits: {@link VectorRowSums} needs the module {@code jdk.incubator.vector}, which the launcher adds;
 * {@link PlainRowSums} needs nothing and is several times slower. {@link #INSTANCE} is the faster one that this process can have.
 */
public sealed interface RowSums permits PlainRowSums, VectorRowSums {

    /** Outputs per block of weights. */
    int COLUMNS = 64;

    /** The faster implementation that this process can have. */
    RowSums INSTANCE = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent() ? new VectorRowSums() : new PlainRowSums();

    /**
     * Adds weighted rows of one block to {@value #COLUMNS} sums. Terms at even places of the list (counted from {@code from}) are added to
     * the given sums one after the other, those at odd places to zeros, and then both sums are added.
     *
     * <pre>{@code sums[at + j] += Σ value[k] weights[offset + row[k] + j]   for k in [from, to), j in [0, 64)}</pre>
     *
     * @param row   where each term's row begins, counted from {@code offset}
     * @param value each term's factor
     */
    void add(float[] sums, int at, MemorySegment weights, int offset, int[] row, float[] value, int from, int to);

    /**
     * Lists what is above zero.
     *
     * @param x     values
     * @param begin first of them
     * @param count how many
     * @param row   receives {@code firstRow + i * COLUMNS} for each value {@code x[begin + i] > 0}, from index {@code n} on
     * @param value receives those values, from index {@code n} on; both need {@code count} places more than there are values
     * @return n plus the number of values listed
     */
    int listPositive(float[] x, int begin, int count, int firstRow, int[] row, float[] value, int n);

    /**
     * Four neighbouring outputs of a convolution of a picture with few channels, rectified. Each sees a patch, {@code shift} values further
     * than the one before.
     *
     * <pre>{@code out[at + n * outputs + j] = max(0, bias[j]
     *     + Σ picture[from + n * shift + line * stride + i] weights[(line * length + i) * outputs + j])   for n in [0, 4), j in [0, outputs)}</pre>
     *
     * @param lines   lines of a patch
     * @param length  values of a patch's line
     * @param stride  values of a picture's line
     * @param outputs a multiple of 32
     */
    void fourPatches(float[] picture, int from, int shift, int lines, int length, int stride, MemorySegment weights, float[] bias,
            int outputs, float[] out, int at);

    /** A copy of the weights that begins with a cache line. Freed when nobody holds it any more. */
    static MemorySegment weights(float[] values) {
        MemorySegment copy = Arena.ofAuto().allocate((long) values.length * Float.BYTES, 64);
        MemorySegment.copy(values, 0, copy, ValueLayout.JAVA_FLOAT, 0, values.length);
        return copy;
    }

    /** x = max(0, x). */
    static void rectify(float[] x, int count) {
        for (int i = 0; i < count; i++) {
            x[i] = Math.max(x[i], 0);
        }
    }
}
