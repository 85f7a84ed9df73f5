package worldmodels.env.panda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntPredicate;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import worldmodels.Golden;
import worldmodels.env.mujoco.OffscreenGl;
import worldmodels.run.KitException;

/** Pictures against those recorded from PyBullet's software renderer, whose arm is of meshes and ours of simple bodies. */
class PandaPicturesTest {

    private static final int SIDE = 84;

    @BeforeAll
    static void needsDrawing() {
        assumeTrue(OffscreenGl.problem() == null, OffscreenGl.problem());
    }

    private static PandaReach seen(int side) {
        return PandaReach.withPictures(PandaControl.JOINTS, PandaReward.SPARSE, PandaVersion.V2, side);
    }

    @Test
    void armTableAndTargetLieWhereTheRecordedOnesDo() throws IOException {
        Recording index = Recording.read("render_index");
        int pictures = 0;
        try (PandaReach reach = seen(SIDE)) {
            for (int row = 0; row < index.rows(); row++) {
                if (index.number(row, "width") != SIDE) {
                    continue;
                }
                String file = index.text(row, "file");
                reach.resetTo(index.numbers(row, "goal_x", "goal_y", "goal_z"));
                reach.place(index.q(row), new double[7]);
                int[] ours = pixels(reach);
                int[] theirs = recorded("panda/render/" + file);
                double whole = overlap(ours, theirs, PandaPicturesTest::isObject);
                double arm = overlap(ours, theirs, PandaPicturesTest::isArm);
                double target = overlap(ours, theirs, PandaPicturesTest::isGreen);
                assertTrue(whole >= 0.95, file + ": arm, table and target overlap by " + whole);
                assertTrue(arm >= 0.9, file + ": the arm overlaps by " + arm);
                assertTrue(target >= 0.6, file + ": the target of a few pixels overlaps by " + target);
                pictures++;
            }
        }
        assertTrue(pictures >= 3, "only " + pictures + " pictures compared");
    }

    @Test
    void coloursAreTheRecordedOnes() throws IOException {
        int[] theirs = recorded("panda/render/ee_1090_00.png");
        try (PandaReach reach = seen(SIDE)) {
            reach.resetTo(new double[] {0.0530848344757, -0.0986029140316, 0.100036320804});
            int[] ours = pixels(reach);
            int[][] places = {{2, 2}, {30, 5}, {50, 40}, {60, 35}, {60, 45}};
            for (int[] place : places) {
                int i = place[0] * SIDE + place[1];
                assertEquals(grey(theirs[i]), grey(ours[i]), 4, "row " + place[0] + ", column " + place[1]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 84})
    void aPictureIsTheObservation(int side) {
        try (PandaReach reach = seen(side)) {
            assertArrayEquals(new int[] {side, side, 3}, reach.observationSpace().shape());
            reach.resetTo(new double[] {0.1, -0.1, 0.05});
            int[] there = pixels(reach);
            assertTrue(Arrays.stream(there).anyMatch(PandaPicturesTest::isGreen), "the target is seen");
            reach.resetTo(new double[] {-0.1, -0.1, 0.05});
            int[] elsewhere = pixels(reach);
            assertTrue(overlap(there, elsewhere, PandaPicturesTest::isGreen) == 0, "and moves with the goal");
            assertEquals(3, reach.achievedGoal().length, "which hindsight knows all the same");
        }
    }

    @Test
    void observingChangesNothing() {
        try (PandaReach watched = seen(SIDE);
                PandaReach unwatched = new PandaReach(PandaControl.JOINTS, PandaReward.SPARSE, PandaVersion.V2)) {
            watched.reset(8);
            unwatched.reset(8);
            for (int i = 0; i < 15; i++) {
                double[] action = {0.2, 1, 0, -0.3, 1, -1, 0.5};
                assertEquals(unwatched.step(action), watched.step(action));
                pixels(watched);
            }
            assertArrayEquals(unwatched.jointAngles(), watched.jointAngles(), 0);
        }
    }

    @Test
    void aPictureWithoutPixelsIsRefused() {
        KitException e = assertThrows(KitException.class, () -> seen(0));
        assertEquals("A picture of PandaReach cannot have a side of 0 pixels; choose for instance 64 or 84.", e.getMessage());
    }

    private static int[] pixels(PandaReach reach) {
        ByteBuffer bytes = ByteBuffer.allocate(reach.observationSpace().bytes());
        reach.observe(bytes);
        assertEquals(0, bytes.remaining());
        int[] rgb = new int[bytes.capacity() / 3];
        Arrays.setAll(rgb, i -> (bytes.get(3 * i) & 0xff) << 16 | (bytes.get(3 * i + 1) & 0xff) << 8 | bytes.get(3 * i + 2) & 0xff);
        return rgb;
    }

    private static int[] recorded(String file) throws IOException {
        try (InputStream in = Golden.open(file)) {
            BufferedImage image = ImageIO.read(in);
            int[] rgb = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
            return Arrays.stream(rgb).map(pixel -> pixel & 0xffffff).toArray();
        }
    }

    /** Pixels that are of a kind in both, divided by those that are in either; 1 where the kind is seen in neither. */
    private static double overlap(int[] a, int[] b, IntPredicate kind) {
        int both = 0;
        int either = 0;
        for (int i = 0; i < a.length; i++) {
            both += kind.test(a[i]) && kind.test(b[i]) ? 1 : 0;
            either += kind.test(a[i]) || kind.test(b[i]) ? 1 : 0;
        }
        return either == 0 ? 1 : (double) both / either;
    }

    private static int grey(int rgb) {
        return ((rgb >> 16) + (rgb >> 8 & 0xff) + (rgb & 0xff)) / 3;
    }

    private static boolean isGreen(int rgb) {
        return (rgb >> 8 & 0xff) - (rgb >> 16) > 40;
    }

    /** Neither the white around nor the floor, which is nearly black. */
    private static boolean isObject(int rgb) {
        return isGreen(rgb) || grey(rgb) > 45 && grey(rgb) < 250;
    }

    /** An object that has the colours of neither target nor the table's top (210) or sides (145). */
    private static boolean isArm(int rgb) {
        int grey = grey(rgb);
        return isObject(rgb) && !isGreen(rgb) && Math.abs(grey - 210) > 1 && Math.abs(grey - 145) > 1;
    }
}
