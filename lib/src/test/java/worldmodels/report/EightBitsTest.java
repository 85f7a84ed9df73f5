package worldmodels.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import worldmodels.run.KitException;

class EightBitsTest {

    @Test
    void noNumberMovesByMoreThanHalfOfItsRowsScale() {
        Random random = new Random(1);
        float[] matrix = new float[5 * 40];
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] = (float) (random.nextGaussian() * Math.pow(10, i / 40 - 2));
        }
        EightBits rounded = EightBits.of(matrix, 5);
        float[] back = rounded.matrix();
        for (int i = 0; i < matrix.length; i++) {
            assertTrue(Math.abs(back[i] - matrix[i]) <= 0.5001 * rounded.scales()[i / 40], matrix[i] + " became " + back[i]);
        }
    }

    @Test
    void aRowsLargestNumberAndZerosStayWhatTheyAre() {
        float[] matrix = {0, 0, 0, -2, 1, 0};
        EightBits rounded = EightBits.of(matrix, 2);
        assertArrayEquals(new float[] {0, 0, 0}, Arrays.copyOf(rounded.matrix(), 3));
        assertEquals(-2, rounded.matrix()[3], 1e-6);
        assertEquals(0, rounded.matrix()[5]);
    }

    @Test
    void textHasTheLowByteFirst() {
        byte[] bytes = Base64.getDecoder().decode(EightBits.base64(new float[] {1.5f, -0.25f}));
        ByteBuffer read = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(1.5f, read.getFloat());
        assertEquals(-0.25f, read.getFloat());
    }

    @Test
    void refusesWhatIsNoNumber() {
        assertThrows(KitException.class, () -> EightBits.of(new float[] {1, Float.NaN}, 1));
    }
}
