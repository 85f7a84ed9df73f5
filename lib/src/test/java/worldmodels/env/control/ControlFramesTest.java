package worldmodels.env.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import worldmodels.Golden;
import worldmodels.env.mujoco.OffscreenGl;

/**
 * Pictures against recorded ones. With the recording's Mesa (22.3.6, vectors of 256 bits) no byte differs; another Mesa or processor may
 * round edges otherwise.
 */
class ControlFramesTest {

    @BeforeAll
    static void needsDrawing() {
        assumeTrue(OffscreenGl.problem() == null, OffscreenGl.problem());
    }

    @ParameterizedTest
    @EnumSource
    void drawsTheKeptPicture(ControlTask task) {
        try (ControlEnvironment environment = ControlEnvironment.of(task)) {
            Recording.of(task).play(environment, Recording.KEPT_STEPS);
            assertAlike(Recording.picture(task).array(), frameOf(environment), task.id());
        }
    }

    @ParameterizedTest
    @EnumSource
    void drawsEveryRecordedPicture(ControlTask task) throws IOException {
        assumeTrue(GoldenEpisodes.areHere());
        int frames = 0;
        try (ControlEnvironment environment = ControlEnvironment.of(task); BufferedReader in = Golden.read("dmc/" + task.id() + "/frames/frames.csv")) {
            in.readLine();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] cells = line.split(",");
                double[] numbers = Arrays.stream(cells).skip(3).mapToDouble(cell -> cell.isEmpty() ? 0 : Double.parseDouble(cell)).toArray();
                pose(environment, numbers);
                assertAlike(pixels("dmc/" + task.id() + "/frames/" + cells[0]), frameOf(environment), cells[0]);
                frames++;
            }
        }
        assertEquals(6, frames);
    }

    @Test
    void observingChangesNothing() {
        try (ControlEnvironment watched = ControlEnvironment.of(ControlTask.CHEETAH_RUN);
                ControlEnvironment unwatched = ControlEnvironment.ofState(ControlTask.CHEETAH_RUN)) {
            watched.reset(8);
            unwatched.reset(8);
            for (int i = 0; i < 20; i++) {
                double[] action = {0.2, 0.4, 0, -0.3, 1, -1};
                assertEquals(unwatched.step(action), watched.step(action));
                frameOf(watched);
            }
            assertEquals(Arrays.toString(unwatched.state()), Arrays.toString(watched.state()));
        }
    }

    @Test
    void smallShadowsAreNearlyTheSuitesPictures() {
        for (ControlTask task : List.of(ControlTask.CHEETAH_RUN, ControlTask.CARTPOLE_SWINGUP)) {
            try (ControlEnvironment exact = ControlEnvironment.of(task); ControlEnvironment faster = ControlEnvironment.of(task, Pictures.SMALL_SHADOWS)) {
                exact.reset(8);
                faster.reset(8);
                double[] action = new double[task.actions()];
                Arrays.fill(action, 0.5);
                long changed = 0;
                long sum = 0;
                int frames = 20;
                for (int i = 0; i < frames; i++) {
                    assertEquals(exact.step(action), faster.step(action));
                    byte[] one = frameOf(exact);
                    byte[] other = frameOf(faster);
                    for (int k = 0; k < one.length; k++) {
                        int off = Math.abs((one[k] & 0xff) - (other[k] & 0xff));
                        changed += off > 0 ? 1 : 0;
                        sum += off;
                    }
                }
                double bytes = frames * 64.0 * 64 * 3;
                assertTrue(changed > 0, task + ": it is another choice");
                assertTrue(changed < 0.003 * bytes && sum < 0.03 * bytes, task + ": " + changed / bytes + " of the bytes, by " + sum / bytes);
            }
        }
    }

    /** Target and coordinates as the file of pictures gives them; only they matter to a picture. */
    private static void pose(ControlEnvironment environment, double[] numbers) {
        environment.reset(0);
        environment.logic().restoreModel(Arrays.copyOf(numbers, environment.logic().drawnModel().length));
        for (int i = 2; i < numbers.length; i++) {
            SuiteTask.put(environment.simulation().qpos(), i - 2, numbers[i]);
        }
        environment.simulation().forward();
    }

    private static void assertAlike(byte[] recorded, byte[] drawn, String frame) {
        double sum = 0;
        int far = 0;
        for (int i = 0; i < recorded.length; i++) {
            int off = Math.abs((recorded[i] & 0xff) - (drawn[i] & 0xff));
            sum += off;
            far += off > 16 ? 1 : 0;
        }
        assertTrue(sum / recorded.length <= 1, frame + ": mean difference " + sum / recorded.length);
        assertTrue(far <= 0.02 * recorded.length, frame + ": " + far + " values are off by more than 16");
    }

    private static byte[] frameOf(ControlEnvironment environment) {
        ByteBuffer frame = ByteBuffer.allocate(environment.observationSpace().bytes());
        environment.observe(frame);
        assertEquals(0, frame.remaining());
        return frame.array();
    }

    private static byte[] pixels(String file) throws IOException {
        try (InputStream in = Golden.open(file)) {
            BufferedImage image = ImageIO.read(in);
            ByteBuffer bytes = ByteBuffer.allocate(image.getWidth() * image.getHeight() * 3);
            for (int rgb : image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth())) {
                bytes.put((byte) (rgb >> 16)).put((byte) (rgb >> 8)).put((byte) rgb);
            }
            return bytes.array();
        }
    }
}
