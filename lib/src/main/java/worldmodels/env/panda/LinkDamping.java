package worldmodels.env.panda;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.IntStream;
import worldmodels.env.mujoco.Simulation;
import worldmodels.env.mujoco.Simulation.Part;

/**
 * What Bullet's damping of links does to the joints: on a link of mass m and inertia I whose centre of mass c moves at u while it turns at w act the
 * force F = -m u (k + k |u|) at c and the torque T = -I w (k + k |w|). Joint j, with the axis z through o, feels of all links beyond it
 *
 * <pre>  tau_j = z . sum (T + (c - o) x F)</pre>
 *
 * and a finger, which slides along its axis z, feels z . F of itself.
 */
final class LinkDamping {

    private static final double K = 0.04;
    private static final int HINGES = Kinematics.JOINTS;
    /** The last hinge carries its own link, the hand and the fingers. */
    private static final String[] LAST = {"hand", "left_finger", "right_finger"};

    private final int[] bodies;
    private final double[] masses;
    private final double[] inertias;
    private final MemorySegment xipos;
    private final MemorySegment ximat;
    private final double[] centres;
    private final double[] frames;
    /** Force and torque about the joint's origin that the hinge's link and those beyond add. */
    private final double[][] force = new double[HINGES][3];
    private final double[][] torque = new double[HINGES][3];
    /** Of the link at hand: how it turns, and how its joint's origin moves. */
    private final double[] turning = new double[3];
    private final double[] moving = new double[3];
    private final double[] arm = new double[3];

    LinkDamping(Simulation simulation) {
        bodies = IntStream.concat(IntStream.rangeClosed(1, HINGES).map(i -> simulation.id(Part.BODY, "link" + i)),
                Arrays.stream(LAST).mapToInt(name -> simulation.id(Part.BODY, name))).toArray();
        masses = simulation.bodyMass().toArray(JAVA_DOUBLE);
        inertias = simulation.bodyInertia().toArray(JAVA_DOUBLE);
        xipos = simulation.xipos();
        ximat = simulation.ximat();
        centres = new double[3 * masses.length];
        frames = new double[9 * masses.length];
    }

    /**
     * @param qd      velocities of the joints (9)
     * @param origins points on the joints' axes (9, 3)
     * @param z       directions of the axes (9, 3)
     * @param on      forces and torques on the joints, replaced
     */
    void forces(double[] qd, double[] origins, double[] z, double[] on) {
        MemorySegment.copy(xipos, JAVA_DOUBLE, 0, centres, 0, centres.length);
        MemorySegment.copy(ximat, JAVA_DOUBLE, 0, frames, 0, frames.length);
        Arrays.fill(turning, 0);
        Arrays.fill(moving, 0);
        for (int j = 0; j < HINGES; j++) {
            if (j > 0) {
                between(origins, 3 * j - 3, origins, 3 * j);
                addCross(turning, arm, moving);
            }
            for (int i = 0; i < 3; i++) {
                turning[i] += z[3 * j + i] * qd[j];
                force[j][i] = 0;
                torque[j][i] = 0;
            }
            drag(bodies[j], j, origins);
        }
        drag(bodies[HINGES], HINGES - 1, origins);
        for (int joint = HINGES; joint < Arm.JOINTS; joint++) {
            slide(joint, qd[joint], z, origins, on);
        }
        collect(origins, z, on);
    }

    /** A finger moves with the hand and along its axis. */
    private void slide(int joint, double speed, double[] z, double[] origins, double[] on) {
        double[] carried = force[HINGES - 1];
        double before = dot(z, 3 * joint, carried);
        for (int i = 0; i < 3; i++) {
            moving[i] += z[3 * joint + i] * speed;
        }
        drag(bodies[joint + 1], HINGES - 1, origins);
        for (int i = 0; i < 3; i++) {
            moving[i] -= z[3 * joint + i] * speed;
        }
        on[joint] = dot(z, 3 * joint, carried) - before;
    }

    /** Adds a body's drag to what hinge j feels. */
    private void drag(int body, int j, double[] origins) {
        between(origins, 3 * j, centres, 3 * body);
        double ux = moving[0] + turning[1] * arm[2] - turning[2] * arm[1];
        double uy = moving[1] + turning[2] * arm[0] - turning[0] * arm[2];
        double uz = moving[2] + turning[0] * arm[1] - turning[1] * arm[0];
        double drag = -masses[body] * K * (1 + Math.sqrt(ux * ux + uy * uy + uz * uz));
        double fx = drag * ux;
        double fy = drag * uy;
        double fz = drag * uz;
        double[] f = force[j];
        f[0] += fx;
        f[1] += fy;
        f[2] += fz;
        double[] t = torque[j];
        t[0] += arm[1] * fz - arm[2] * fy;
        t[1] += arm[2] * fx - arm[0] * fz;
        t[2] += arm[0] * fy - arm[1] * fx;
        double spin = -K * (1 + Math.sqrt(turning[0] * turning[0] + turning[1] * turning[1] + turning[2] * turning[2]));
        for (int a = 0; a < 3; a++) {
            int axis = 9 * body + a;
            double about = spin * inertias[3 * body + a] * (frames[axis] * turning[0] + frames[axis + 3] * turning[1] + frames[axis + 6] * turning[2]);
            t[0] += about * frames[axis];
            t[1] += about * frames[axis + 3];
            t[2] += about * frames[axis + 6];
        }
    }

    /** From the hand to the base: what a link feels is handed on to the one before. */
    private void collect(double[] origins, double[] z, double[] on) {
        for (int j = HINGES - 1; j >= 0; j--) {
            on[j] = dot(z, 3 * j, torque[j]);
            if (j > 0) {
                between(origins, 3 * j - 3, origins, 3 * j);
                addCross(arm, force[j], torque[j - 1]);
                for (int i = 0; i < 3; i++) {
                    torque[j - 1][i] += torque[j][i];
                    force[j - 1][i] += force[j][i];
                }
            }
        }
    }

    private void between(double[] from, int i, double[] to, int k) {
        arm[0] = to[k] - from[i];
        arm[1] = to[k + 1] - from[i + 1];
        arm[2] = to[k + 2] - from[i + 2];
    }

    /** sum += a x b */
    private static void addCross(double[] a, double[] b, double[] sum) {
        sum[0] += a[1] * b[2] - a[2] * b[1];
        sum[1] += a[2] * b[0] - a[0] * b[2];
        sum[2] += a[0] * b[1] - a[1] * b[0];
    }

    private static double dot(double[] axes, int i, double[] b) {
        return axes[i] * b[0] + axes[i + 1] * b[1] + axes[i + 2] * b[2];
    }
}
