package worldmodels.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import worldmodels.random.Pcg64;

/** Both implementations give the same bits, and what they give is the sum that is written down. */
class RowSumsTest {

    private final RowSums plain = new PlainRowSums();
    private final RowSums vectors = new VectorRowSums();
    private final Pcg64 random = Pcg64.seeded(5);

    @Test
    void theLauncherGivesVectors() {
        assertInstanceOf(VectorRowSums.class, RowSums.INSTANCE);
    }

    @Test
    void addsWeightedRows() {
        float[] weights = normal(7 + 40 * RowSums.COLUMNS);
        float[] value = normal(40);
        int[] row = new int[40];
        Arrays.setAll(row, k -> k * 29 % 40 * RowSums.COLUMNS);
        for (int terms : new int[] {0, 1, 2, 7, 30}) {
            float[] start = normal(3 + RowSums.COLUMNS);
            float[] one = start.clone();
            float[] other = start.clone();
            plain.add(one, 3, RowSums.weights(weights), 7, row, value, 4, 4 + terms);
            vectors.add(other, 3, RowSums.weights(weights), 7, row, value, 4, 4 + terms);
            assertArrayEquals(one, other, terms + " terms");
            for (int j = 0; j < RowSums.COLUMNS; j++) {
                double sum = start[3 + j];
                for (int k = 4; k < 4 + terms; k++) {
                    sum += (double) value[k] * weights[7 + row[k] + j];
                }
                assertEquals(sum, one[3 + j], 1e-5);
            }
        }
    }

    @Test
    void listsWhatIsAboveZero() {
        float[] x = normal(50);
        x[9] = 0;
        x[10] = -0f;
        for (int count : new int[] {0, 1, 16, 37}) {
            int[][] rows = new int[2][5 + 2 * count];
            float[][] values = new float[2][5 + 2 * count];
            int[] n = {plain.listPositive(x, 3, count, 640, rows[0], values[0], 5), vectors.listPositive(x, 3, count, 640, rows[1], values[1], 5)};
            assertEquals(n[0], n[1]);
            int expected = 5;
            for (int i = 0; i < count; i++) {
                if (x[3 + i] > 0) {
                    for (int way = 0; way < 2; way++) {
                        assertEquals(640 + i * RowSums.COLUMNS, rows[way][expected]);
                        assertEquals(x[3 + i], values[way][expected]);
                    }
                    expected++;
                }
            }
            assertEquals(expected, n[0]);
        }
    }

    @Test
    void convolvesFourPatches() {
        float[] picture = normal(5 * 40);
        float[] weights = normal(4 * 12 * 32);
        float[] bias = normal(32);
        float[] one = new float[140];
        float[] other = new float[140];
        plain.fourPatches(picture, 2, 6, 4, 12, 40, RowSums.weights(weights), bias, 32, one, 4);
        vectors.fourPatches(picture, 2, 6, 4, 12, 40, RowSums.weights(weights), bias, 32, other, 4);
        assertArrayEquals(one, other);
        for (int patch = 0; patch < 4; patch++) {
            for (int j = 0; j < 32; j++) {
                double sum = bias[j];
                for (int line = 0; line < 4; line++) {
                    for (int i = 0; i < 12; i++) {
                        sum += (double) picture[2 + 6 * patch + 40 * line + i] * weights[(line * 12 + i) * 32 + j];
                    }
                }
                assertEquals(Math.max(0, sum), one[4 + 32 * patch + j], 1e-4);
            }
        }
    }

    private float[] normal(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.standardNormal();
        }
        return values;
    }
}
