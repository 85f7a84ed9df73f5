package worldmodels.env.panda;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import worldmodels.env.mujoco.Renderer;
import worldmodels.env.mujoco.Simulation;
import worldmodels.env.mujoco.Simulation.Part;

/**
 * The scene as panda-gym's camera sees it: from 1.4 m, 45 degrees to the side and 30 from above, with a vertical field of view of 60 degrees. The arm is
 * of capsules, cylinders and boxes, placed so that its outline is that of the original's meshes.
 */
final class Picture implements AutoCloseable {

    private static final double[] FORWARD = {-0.612372, 0.612372, -0.5};
    private static final double[] RIGHT = {0.707107, 0.707107, 0};
    private static final double[] UP = {-0.353553, 0.353553, 0.866025};
    private static final double HALF_VIEW = Math.toRadians(30);
    private static final int CAMERA = 0;

    private final Simulation simulation;
    private final int side;
    private final long target;
    private Renderer renderer;

    /**
     * @param simulation a model with {@link #look} of the same side
     * @param side       of the picture in pixels
     */
    Picture(Simulation simulation, int side) {
        this.simulation = simulation;
        this.side = side;
        target = simulation.id(Part.SITE, "target");
    }

    /**
     * Completes the file of what is only seen. The original samples a pixel at its lower left corner, OpenGL in its middle: half a pixel, made up for by
     * turning the camera.
     */
    static String look(String file, int side) {
        double halfPixel = Math.tan(HALF_VIEW) / side;
        return file.replace("SIDE", Integer.toString(side)).replace("AXES", turned(RIGHT, halfPixel) + " " + turned(UP, halfPixel));
    }

    private static String turned(double[] axis, double by) {
        double[] sum = new double[axis.length];
        Arrays.setAll(sum, i -> axis[i] + by * FORWARD[i]);
        return DoubleStream.of(sum).mapToObj(Double::toString).collect(Collectors.joining(" "));
    }

    /**
     * Draws side x side x 3 bytes RGB and advances the buffer; the simulation's derived quantities are up to date afterwards.
     *
     * @param goal where the green ball is, metres
     * @throws worldmodels.run.KitException if pictures cannot be drawn on this machine
     */
    void draw(double[] goal, ByteBuffer bytes) {
        if (renderer == null) {
            renderer = new Renderer(simulation, CAMERA, side, side);
        }
        MemorySegment.copy(goal, 0, simulation.sitePos(), JAVA_DOUBLE, 3 * target * Double.BYTES, goal.length);
        simulation.forward();
        renderer.draw(bytes);
    }

    @Override
    public void close() {
        if (renderer != null) {
            renderer.close();
        }
    }
}
