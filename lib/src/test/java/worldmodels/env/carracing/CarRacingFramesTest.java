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
import worldmodels.env.TriangleResize;
import worldmodels.env.WorldModelsFrame;
import worldmodels.random.Pcg64;

/** The whole environment against recorded frames: actions in, pixels out. */
class CarRacingFramesTest {

    private static final int BAR_ROW = 84;

    @ParameterizedTest
    @CsvSource({"follower,0", "random_held,42"})
    void replaysTheRecordedFrames(String name, int seed) throws IOException {
        assumeTrue(Golden.isComplete());
        Trace trace = Trace.read(name);
        CarRacing racing = new CarRacing();
        racing.reset(seed);
        int frames = 0;
        for (int step = 0; step <= trace.steps(); step++) {
            if (step > 0) {
                racing.step(trace.action(step));
            }
            String frame = "frame_" + name + "_" + step + ".png";
            if (Golden.has("carracing/" + frame)) {
                assertAlike(RecordedDrive.pixels(frame), frameOf(racing).array(), frame);
                frames++;
            }
        }
        assertEquals(9, frames);
    }

    private static void assertAlike(int[] recorded, byte[] drawn, String frame) {
        double sum = 0;
        for (int i = 0; i < recorded.length; i++) {
            for (int channel = 0; channel < 3; channel++) {
                int off = Math.abs((recorded[i] >> 16 - 8 * channel & 0xff) - (drawn[3 * i + channel] & 0xff));
                sum += off;
                assertTrue(off <= 16 || i / 96 >= BAR_ROW, frame + ": pixel off by " + off + " in row " + i / 96);
            }
        }
        double mean = sum / drawn.length;
        assertTrue(mean <= 0.1, frame + ": mean difference " + mean);
    }

    @Test
    void observingChangesNothing() {
        CarRacing watched = new CarRacing();
        CarRacing unwatched = new CarRacing();
        watched.reset(8);
        unwatched.reset(8);
        ByteBuffer frame = frameOf(watched);
        for (int i = 0; i < 80; i++) {
            double[] action = {0.2, 0.4, 0};
            assertEquals(unwatched.step(action), watched.step(action));
            frame = frameOf(watched);
        }
        assertEquals(unwatched.hullPose(), watched.hullPose());
        assertEquals(frameOf(unwatched), frame);
    }

    /** What the bar's absence saves changes no pixel, at every zoom, when cars whose pictures are drawn by turns have other scores. */
    @Test
    void aFrameWithoutTheBarIsThatOfTheWholePicture() {
        CarRacing[] cars = {new CarRacing(), new CarRacing(CarRacingVersion.V0)};
        WorldModelsFrame[] frames = {WorldModelsFrame.cropped(cars[0]), WorldModelsFrame.cropped(cars[1])};
        TriangleResize resize = WorldModelsFrame.croppedResize();
        Pcg64 random = Pcg64.seeded(5);
        ByteBuffer expected = ByteBuffer.allocate(64 * 64 * 3);
        ByteBuffer frame = ByteBuffer.allocate(64 * 64 * 3);
        for (int i = 0; i < cars.length; i++) {
            frames[i].reset(i);
        }
        for (int step = 0; step < 120; step++) {
            for (int i = 0; i < cars.length; i++) {
                frames[i].step(new double[] {random.uniform(-1, 1), random.uniform(0, 1), random.uniform(0, 0.2)});
                frames[i].observe(frame.clear());
                resize.resize(frameOf(cars[i]), expected.clear());
                assertEquals(expected.flip(), frame.flip(), "step " + step);
            }
        }
    }

    @Test
    void theCameraOfV0FollowsTheDirectionOfTravel() {
        CarRacing v0 = new CarRacing(CarRacingVersion.V0);
        CarRacing v2 = new CarRacing(CarRacingVersion.V2);
        v0.reset(8);
        v2.reset(8);
        assertEquals(frameOf(v2), frameOf(v0), "at rest it is the hull's");
        for (int i = 0; i < 100; i++) {
            double[] action = {i > 60 ? 1 : 0, 0.6, 0};
            v0.step(action);
            v2.step(action);
        }
        assertEquals(v2.hullPose(), v0.hullPose());
        assertTrue(!frameOf(v2).equals(frameOf(v0)), "in a slide it is not");
    }

    private static ByteBuffer frameOf(CarRacing racing) {
        ByteBuffer frame = ByteBuffer.allocate(racing.observationSpace().bytes());
        racing.observe(frame);
        assertEquals(0, frame.remaining());
        return frame.flip();
    }
}
