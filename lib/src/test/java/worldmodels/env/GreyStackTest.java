package worldmodels.env;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import worldmodels.run.KitException;

class GreyStackTest {

    /** Two pixels whose colours count the steps. */
    private static final class Counting implements Environment {

        private int steps;

        @Override
        public Space observationSpace() {
            return Space.pixels(1, 2);
        }

        @Override
        public Space actionSpace() {
            return Space.vector(new double[] {0}, new double[] {1});
        }

        @Override
        public void reset(long seed) {
            steps = 0;
        }

        @Override
        public Transition step(double[] action) {
            steps++;
            return new Transition(0, false, false);
        }

        @Override
        public void observe(ByteBuffer target) {
            target.put(new byte[] {(byte) (10 * steps), (byte) (10 * steps), (byte) (10 * steps), (byte) 255, 0, (byte) steps});
        }
    }

    private static int[] seen(Environment environment) {
        ByteBuffer bytes = ByteBuffer.allocate(environment.observationSpace().bytes());
        environment.observe(bytes);
        int[] values = new int[bytes.capacity()];
        for (int i = 0; i < values.length; i++) {
            values[i] = bytes.get(i) & 0xFF;
        }
        return values;
    }

    @Test
    void holdsTheLastPicturesPixelByPixelTheNewestLast() {
        GreyStack stack = new GreyStack(new Counting(), 3);
        stack.reset(1);
        // 0.299 of red is 76.2; 0.114 of a blue of 20 is 2.28.
        assertArrayEquals(new int[] {0, 0, 0, 76, 76, 76}, seen(stack));
        for (int i = 0; i < 4; i++) {
            stack.step(new double[] {0});
        }
        assertArrayEquals(new int[] {20, 30, 40, 76, 77, 77}, seen(stack));
        // Looking twice shows the same; a new episode begins with its own picture alone.
        assertArrayEquals(new int[] {20, 30, 40, 76, 77, 77}, seen(stack));
        stack.reset(2);
        assertArrayEquals(new int[] {0, 0, 0, 76, 76, 76}, seen(stack));
    }

    @Test
    void refusesWhatIsNoPicture() {
        GreyStack stack = new GreyStack(new Counting(), 2);
        assertTrue(assertThrows(KitException.class, () -> new GreyStack(stack, 2)).getMessage().contains("RGB pictures"));
        assertThrows(KitException.class, () -> new GreyStack(new Counting(), 0));
    }
}
