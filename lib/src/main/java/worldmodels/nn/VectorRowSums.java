package worldmodels.nn;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link RowSums} in the processor's widest vectors; a lane holds one output, so the width changes no sum.
 *
 * <p>Weights are read by address, through a segment that is all of memory: the checks of a segment of its own, one for each vector, take as long
 * as the sums. So a row that is listed must be a row of the weights.
 */
final class VectorRowSums implements RowSums {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INDICES = VectorSpecies.of(int.class, SPECIES.vectorShape());
    /** Where the row of each lane begins, counted from the first lane's. */
    private static final IntVector ROWS = IntVector.zero(INDICES).addIndex(COLUMNS);
    private static final int LANES = SPECIES.length();
    private static final int VECTOR = LANES * Float.BYTES;
    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    @Override
    public void add(float[] sums, int at, MemorySegment weights, int offset, int[] row, float[] value, int from, int to) {
        for (int j = 0; j < COLUMNS; j += 4 * LANES) {
            addFourVectors(sums, at + j, weights.address() + (long) (offset + j) * Float.BYTES, row, value, from, to);
        }
        Reference.reachabilityFence(weights);
    }

    private static void addFourVectors(float[] sums, int at, long weights, int[] row, float[] value, int from, int to) {
        FloatVector even0 = FloatVector.fromArray(SPECIES, sums, at);
        FloatVector even1 = FloatVector.fromArray(SPECIES, sums, at + LANES);
        FloatVector even2 = FloatVector.fromArray(SPECIES, sums, at + 2 * LANES);
        FloatVector even3 = FloatVector.fromArray(SPECIES, sums, at + 3 * LANES);
        FloatVector odd0 = FloatVector.zero(SPECIES);
        FloatVector odd1 = odd0;
        FloatVector odd2 = odd0;
        FloatVector odd3 = odd0;
        int last = to - 1;
        int k = from;
        for (; k < last; k += 2) {
            FloatVector a = FloatVector.broadcast(SPECIES, value[k]);
            FloatVector b = FloatVector.broadcast(SPECIES, value[k + 1]);
            long p = weights + (long) row[k] * Float.BYTES;
            long q = weights + (long) row[k + 1] * Float.BYTES;
            even0 = a.fma(at(p), even0);
            even1 = a.fma(at(p + VECTOR), even1);
            even2 = a.fma(at(p + 2 * VECTOR), even2);
            even3 = a.fma(at(p + 3 * VECTOR), even3);
            odd0 = b.fma(at(q), odd0);
            odd1 = b.fma(at(q + VECTOR), odd1);
            odd2 = b.fma(at(q + 2 * VECTOR), odd2);
            odd3 = b.fma(at(q + 3 * VECTOR), odd3);
        }
        if (k < to) {
            FloatVector a = FloatVector.broadcast(SPECIES, value[k]);
            long p = weights + (long) row[k] * Float.BYTES;
            even0 = a.fma(at(p), even0);
            even1 = a.fma(at(p + VECTOR), even1);
            even2 = a.fma(at(p + 2 * VECTOR), even2);
            even3 = a.fma(at(p + 3 * VECTOR), even3);
        }
        even0.add(odd0).intoArray(sums, at);
        even1.add(odd1).intoArray(sums, at + LANES);
        even2.add(odd2).intoArray(sums, at + 2 * LANES);
        even3.add(odd3).intoArray(sums, at + 3 * LANES);
    }

    @Override
    public int listPositive(float[] x, int begin, int count, int firstRow, int[] row, float[] value, int n) {
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            FloatVector some = FloatVector.fromArray(SPECIES, x, begin + i);
            VectorMask<Float> positive = some.compare(VectorOperators.GT, 0f);
            ROWS.add(firstRow + i * COLUMNS).compress(positive.cast(INDICES)).intoArray(row, n);
            some.compress(positive).intoArray(value, n);
            n += positive.trueCount();
        }
        for (; i < count; i++) {
            if (x[begin + i] > 0) {
                row[n] = firstRow + i * COLUMNS;
                value[n++] = x[begin + i];
            }
        }
        return n;
    }

    @Override
    public void fourPatches(float[] picture, int from, int shift, int lines, int length, int stride, MemorySegment weights, float[] bias,
            int outputs, float[] out, int at) {
        for (int j = 0; j < outputs; j += 2 * LANES) {
            FloatVector bias0 = FloatVector.fromArray(SPECIES, bias, j);
            FloatVector bias1 = FloatVector.fromArray(SPECIES, bias, j + LANES);
            FloatVector one0 = bias0;
            FloatVector one1 = bias1;
            FloatVector two0 = bias0;
            FloatVector two1 = bias1;
            FloatVector three0 = bias0;
            FloatVector three1 = bias1;
            FloatVector four0 = bias0;
            FloatVector four1 = bias1;
            long p = weights.address() + (long) j * Float.BYTES;
            for (int line = 0; line < lines; line++) {
                int pixel = from + line * stride;
                for (int i = pixel; i < pixel + length; i++) {
                    FloatVector w0 = at(p);
                    FloatVector w1 = at(p + VECTOR);
                    FloatVector a = FloatVector.broadcast(SPECIES, picture[i]);
                    FloatVector b = FloatVector.broadcast(SPECIES, picture[i + shift]);
                    FloatVector c = FloatVector.broadcast(SPECIES, picture[i + 2 * shift]);
                    FloatVector d = FloatVector.broadcast(SPECIES, picture[i + 3 * shift]);
                    one0 = a.fma(w0, one0);
                    one1 = a.fma(w1, one1);
                    two0 = b.fma(w0, two0);
                    two1 = b.fma(w1, two1);
                    three0 = c.fma(w0, three0);
                    three1 = c.fma(w1, three1);
                    four0 = d.fma(w0, four0);
                    four1 = d.fma(w1, four1);
                    p += (long) outputs * Float.BYTES;
                }
            }
            rectified(one0, one1, out, at + j);
            rectified(two0, two1, out, at + outputs + j);
            rectified(three0, three1, out, at + 2 * outputs + j);
            rectified(four0, four1, out, at + 3 * outputs + j);
        }
        Reference.reachabilityFence(weights);
    }

    private static void rectified(FloatVector first, FloatVector second, float[] out, int at) {
        first.max(0f).intoArray(out, at);
        second.max(0f).intoArray(out, at + LANES);
    }

    private static FloatVector at(long address) {
        return FloatVector.fromMemorySegment(SPECIES, MEMORY, address, ByteOrder.nativeOrder());
    }
}
