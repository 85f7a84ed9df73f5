package worldmodels.nn;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link RowSums} in the processor's widest vectors; a lane holds one output, so the width changes no sum. */
final class VectorRowSums implements RowSums {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    @Override
    public void add(float[] sums, int at, MemorySegment weights, int offset, int[] row, float[] value, int from, int to) {
        for (int j = 0; j < COLUMNS; j += 4 * LANES) {
            addFourVectors(sums, at + j, weights, offset + j, row, value, from, to);
        }
    }

    private static void addFourVectors(float[] sums, int at, MemorySegment weights, int offset, int[] row, float[] value, int from, int to) {
        FloatVector even0 = FloatVector.fromArray(SPECIES, sums, at);
        FloatVector even1 = FloatVector.fromArray(SPECIES, sums, at + LANES);
        FloatVector even2 = FloatVector.fromArray(SPECIES, sums, at + 2 * LANES);
        FloatVector even3 = FloatVector.fromArray(SPECIES, sums, at + 3 * LANES);
        FloatVector odd0 = FloatVector.zero(SPECIES);
        FloatVector odd1 = odd0;
        FloatVector odd2 = odd0;
        FloatVector odd3 = odd0;
        int k = from;
        for (; k + 1 < to; k += 2) {
            FloatVector a = FloatVector.broadcast(SPECIES, value[k]);
            FloatVector b = FloatVector.broadcast(SPECIES, value[k + 1]);
            int p = offset + row[k];
            int q = offset + row[k + 1];
            even0 = a.fma(weights(weights, p), even0);
            even1 = a.fma(weights(weights, p + LANES), even1);
            even2 = a.fma(weights(weights, p + 2 * LANES), even2);
            even3 = a.fma(weights(weights, p + 3 * LANES), even3);
            odd0 = b.fma(weights(weights, q), odd0);
            odd1 = b.fma(weights(weights, q + LANES), odd1);
            odd2 = b.fma(weights(weights, q + 2 * LANES), odd2);
            odd3 = b.fma(weights(weights, q + 3 * LANES), odd3);
        }
        if (k < to) {
            FloatVector a = FloatVector.broadcast(SPECIES, value[k]);
            int p = offset + row[k];
            even0 = a.fma(weights(weights, p), even0);
            even1 = a.fma(weights(weights, p + LANES), even1);
            even2 = a.fma(weights(weights, p + 2 * LANES), even2);
            even3 = a.fma(weights(weights, p + 3 * LANES), even3);
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
            // One bit per lane; the loop then only touches what is listed.
            long positive = FloatVector.fromArray(SPECIES, x, begin + i).compare(VectorOperators.GT, 0f).toLong();
            while (positive != 0) {
                int lane = i + Long.numberOfTrailingZeros(positive);
                row[n] = firstRow + lane * COLUMNS;
                value[n++] = x[begin + lane];
                positive &= positive - 1;
            }
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
            int p = j;
            for (int line = 0; line < lines; line++) {
                int pixel = from + line * stride;
                for (int i = pixel; i < pixel + length; i++) {
                    FloatVector w0 = weights(weights, p);
                    FloatVector w1 = weights(weights, p + LANES);
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
                    p += outputs;
                }
            }
            rectified(one0, one1, out, at + j);
            rectified(two0, two1, out, at + outputs + j);
            rectified(three0, three1, out, at + 2 * outputs + j);
            rectified(four0, four1, out, at + 3 * outputs + j);
        }
    }

    private static void rectified(FloatVector first, FloatVector second, float[] out, int at) {
        first.max(0f).intoArray(out, at);
        second.max(0f).intoArray(out, at + LANES);
    }

    private static FloatVector weights(MemorySegment weights, int first) {
        return FloatVector.fromMemorySegment(SPECIES, weights, (long) first * Float.BYTES, ByteOrder.nativeOrder());
    }
}
