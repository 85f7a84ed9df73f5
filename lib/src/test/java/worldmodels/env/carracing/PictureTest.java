package worldmodels.env.carracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import worldmodels.Golden;

/** Against pictures recorded from Gymnasium 0.29.1 with pygame 2.1.2; the test resources hold the first steps of one drive. */
class PictureTest {

    private static final int[] STEPS = {0, 1, 5, 20, 50, 100, 200, 300, 500};

    @ParameterizedTest
    @CsvSource({"follower, 0", "random_held, 42"})
    void equalsTheRecordedFrames(String name, int seed) throws IOException {
        assumeTrue(Golden.has("carracing/trace_" + name + ".csv.gz"));
        RecordedDrive drive = new RecordedDrive(name, seed);
        Picture picture = new Picture(CarRacingVersion.V2);
        ByteBuffer frame = ByteBuffer.allocate(96 * 96 * 3);
        int compared = 0;
        for (int step : STEPS) {
            if (!Golden.has("carracing/frame_" + name + "_" + step + ".png")) {
                continue;
            }
            compared++;
            picture.track(drive.quads, drive.coloursAt(step));
            frame.clear();
            picture.draw(drive.scene(step), frame);
            int[] recorded = RecordedDrive.pixels("frame_" + name + "_" + step + ".png");
            assertEquals("", difference(recorded, frame.array()), name + " at step " + step);
        }
        assertTrue(compared == STEPS.length || !Golden.isComplete() && compared == 3);
    }

    @Test
    void flatColoursShrinkAlikeInEveryPlace() {
        AreaAverage across = new AreaAverage(1000, 96);
        AreaAverage down = new AreaAverage(800, 96);
        for (int value = 0; value < 256; value++) {
            long colour = AreaAverage.colour(value << 16 | value << 8 | value);
            for (int k = 0; k < 96; k++) {
                assertEquals(across.flat(colour), across.flat(colour, k));
                assertEquals(down.flat(colour), down.flat(colour, k));
            }
        }
        assertEquals(AreaAverage.colour(0x64C864), down.flat(across.flat(AreaAverage.colour(0x66CA66))));
    }

    @Test
    void writesTheScoreAsEachVersionDoes() {
        assertEquals("0006", ScoreText.text(6.9, false));
        assertEquals("0007", ScoreText.text(6.9, true));
        assertEquals("0000", ScoreText.text(-0.4, false));
        assertEquals("-000", ScoreText.text(-0.4, true));
        assertEquals("-012", ScoreText.text(-12.3, false));
        assertEquals("0002", ScoreText.text(2.5, true));
        assertEquals("1000", ScoreText.text(1000.2, false));
    }

    static String difference(int[] recorded, byte[] drawn) {
        int different = 0;
        int sum = 0;
        int most = 0;
        String where = "";
        for (int i = 0; i < recorded.length; i++) {
            boolean off = false;
            for (int c = 0; c < 3; c++) {
                int d = Math.abs((recorded[i] >> 16 - 8 * c & 0xFF) - (drawn[3 * i + c] & 0xFF));
                sum += d;
                off |= d > 0;
                if (d > most) {
                    most = d;
                    where = "row " + i / 96 + " column " + i % 96;
                }
            }
            different += off ? 1 : 0;
        }
        return different == 0 ? "" : different + " pixels differ, by " + sum / (3.0 * recorded.length) + " on average, at most by "
                + most + " in " + where;
    }
}
