package worldmodels.env.carracing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import worldmodels.env.WorldModelsFrame;

class TrueStateFrameTest {

    @Test
    void theFirstBytesAreTheStateAndTheRestIsTheFrame() {
        CarRacing told = new CarRacing();
        CarRacing plain = new CarRacing();
        TrueStateFrame frames = new TrueStateFrame(WorldModelsFrame.cropped(told), told);
        WorldModelsFrame others = WorldModelsFrame.cropped(plain);
        frames.reset(4);
        others.reset(4);
        double[] action = {-0.3, 0.8, 0};
        for (int i = 0; i < 60; i++) {
            frames.step(action);
            others.step(action);
        }
        // Not at the beginning of the buffer, as in a batch.
        ByteBuffer target = ByteBuffer.allocate(100 + 64 * 64 * 3).position(100);
        frames.observe(target);
        assertEquals(0, target.remaining());
        double[] expected = TrueStateFrame.numbers(Situation.of(told));
        for (int i = 0; i < TrueStateFrame.NUMBERS; i++) {
            int fixed = (target.get(100 + 2 * i) & 0xFF) << 8 | target.get(101 + 2 * i) & 0xFF;
            assertEquals(expected[i], fixed / 65_535.0 * 8 - 4, 7e-5);
        }
        ByteBuffer frame = ByteBuffer.allocate(64 * 64 * 3);
        others.observe(frame);
        assertEquals(frame.slice(8, frame.capacity() - 8), target.slice(108, frame.capacity() - 8));
    }

    @Test
    void whatIsBeyondTheRangeIsHeldToIt() {
        double[] numbers = TrueStateFrame.numbers(new Situation(300, -0.4, 6.7, -0.05));
        assertEquals(10, numbers[0], 1e-12);
        assertEquals(-0.5, numbers[1], 1e-12);
        assertEquals(1, numbers[2], 1e-12);
        assertEquals(-1, numbers[3], 1e-12);
    }
}
