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
 */
final class LinkDamping {

    private static final int JOINTS = Kinematics.JOINTS;

    /** The last joint's links are its own, the hand and the two fingers. */
    private final int[] bodies;
    private final double k;
    private final double[] masses;
    private final double[] inertias;
    private final MemorySegment xipos;
    private final MemorySegment ximat;
    private final double[] centre = new double[3];
    private final double[] axes = new double[9];
    private final double[][] forceOf = new double[JOINTS][3];
    private final double[][] torqueOf = new double[JOINTS][3];
    private final double[] turning = new double[3];
    private final double[] moving = new double[3];

    LinkDamping(Simulation simulation, double k) {
        this.k = k;
        bodies = IntStream.concat(IntStream.rangeClosed(1, JOINTS).map(i -> simulation.id(Part.BODY, "link" + i)),
                Arrays.stream(new String[] {"hand", "left_finger", "right_finger"}).mapToInt(name -> simulation.id(Part.BODY, name))).toArray();
        masses = simulation.bodyMass().toArray(JAVA_DOUBLE);
        inertias = simulation.bodyInertia().toArray(JAVA_DOUBLE);
        xipos = simulation.xipos();
        ximat = simulation.ximat();
    }

    /**
     * @param qd      velocities of the joints
     * @param origins points on the joints' axes (7, 3)
     * @param z       directions of the axes (7, 3)
     * @param torques on the joints, replaced
     */
    void forces(double[] qd, double[] origins, double[] z, double[] torques) {
        Arrays.fill(turning, 0);
        Arrays.fill(moving, 0);
        for (int j = 0; j < JOINTS; j++) {
            double x = j == 0 ? 0 : origins[3 * j] - origins[3 * j - 3];
            double y = j == 0 ? 0 : origins[3 * j + 1] - origins[3 * j - 2];
            double up = j == 0 ? 0 : origins[3 * j + 2] - origins[3 * j - 1];
            moving[0] += turning[1] * up - turning[2] * y;
            moving[1] += turning[2] * x - turning[0] * up;
            moving[2] += turning[0] * y - turning[1] * x;
            for (int i = 0; i < 3; i++) {
                turning[i] += z[3 * j + i] * qd[j];
            }
            Arrays.fill(forceOf[j], 0);
            Arrays.fill(torqueOf[j], 0);
            for (int link = j; link < (j == JOINTS - 1 ? bodies.length : j + 1); link++) {
                add(bodies[link], j, origins);
            }
        }
        collect(origins, z, torques);
    }

    /** Adds a body's force and its torque about the joint's origin. */
    private void add(int body, int j, double[] origins) {
        MemorySegment.copy(xipos, JAVA_DOUBLE, 3L * body * Double.BYTES, centre, 0, 3);
        MemorySegment.copy(ximat, JAVA_DOUBLE, 9L * body * Double.BYTES, axes, 0, 9);
        double x = centre[0] - origins[3 * j];
        double y = centre[1] - origins[3 * j + 1];
        double up = centre[2] - origins[3 * j + 2];
        double ux = moving[0] + turning[1] * up - turning[2] * y;
        double uy = moving[1] + turning[2] * x - turning[0] * up;
        double uz = moving[2] + turning[0] * y - turning[1] * x;
        double drag = -masses[body] * k * (1 + Math.sqrt(ux * ux + uy * uy + uz * uz));
        double fx = drag * ux;
        double fy = drag * uy;
        double fz = drag * uz;
        forceOf[j][0] += fx;
        forceOf[j][1] += fy;
        forceOf[j][2] += fz;
        torqueOf[j][0] += y * fz - up * fy;
        torqueOf[j][1] += up * fx - x * fz;
        torqueOf[j][2] += x * fy - y * fx;
        double spin = -k * (1 + Math.sqrt(turning[0] * turning[0] + turning[1] * turning[1] + turning[2] * turning[2]));
        for (int a = 0; a < 3; a++) {
            double about = spin * inertias[3 * body + a] * (axes[a] * turning[0] + axes[3 + a] * turning[1] + axes[6 + a] * turning[2]);
            for (int i = 0; i < 3; i++) {
                torqueOf[j][i] += about * axes[3 * i + a];
            }
        }
    }

    /** From the hand to the base: what a link feels is handed on to the one before. */
    private void collect(double[] origins, double[] z, double[] torques) {
        for (int j = JOINTS - 1; j >= 0; j--) {
            double[] torque = torqueOf[j];
            double[] force = forceOf[j];
            torques[j] = z[3 * j] * torque[0] + z[3 * j + 1] * torque[1] + z[3 * j + 2] * torque[2];
            if (j > 0) {
                double x = origins[3 * j] - origins[3 * j - 3];
                double y = origins[3 * j + 1] - origins[3 * j - 2];
                double up = origins[3 * j + 2] - origins[3 * j - 1];
                torqueOf[j - 1][0] += torque[0] + y * force[2] - up * force[1];
                torqueOf[j - 1][1] += torque[1] + up * force[0] - x * force[2];
                torqueOf[j - 1][2] += torque[2] + x * force[1] - y * force[0];
                for (int i = 0; i < 3; i++) {
                    forceOf[j - 1][i] += force[i];
                }
            }
        }
    }
}
