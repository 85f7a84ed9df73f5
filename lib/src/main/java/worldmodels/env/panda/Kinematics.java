package worldmodels.env.panda;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import java.lang.foreign.MemorySegment;
import worldmodels.env.mujoco.Simulation;
import worldmodels.env.mujoco.Simulation.Part;

/**
 * Where the arm's tool is for given joint angles, and its geometric Jacobian J(q) (6, 7): the tool's linear velocity (rows 0 to 2) and angular
 * velocity (rows 3 to 5) are J(q) qd, in world axes. The tool is the grasp target between the fingertips. Each joint turns about its own z:
 * column i is (z_i x (p - o_i), z_i), with the axis z_i through o_i and the tool at p.
 *
 * <p>The chain is read from the model. Nothing is allocated after the constructor; results are overwritten by the next {@link #at}.
 */
final class Kinematics {

    static final int JOINTS = 7;
    static final int ROWS = 6;

    /** Of link i in its parent, the last of the tool in the last link. */
    private final double[][] offset = new double[JOINTS + 1][3];
    private final double[][] turn = new double[JOINTS + 1][];
    private final double[] base = new double[3];

    final double[][] origin = new double[JOINTS][3];
    final double[][] axis = new double[JOINTS][3];
    final double[] position = new double[3];
    /** The tool's orientation, a quaternion (w, x, y, z). */
    final double[] orientation = new double[4];
    final double[][] jacobian = new double[ROWS][JOINTS];

    private final double[] frame = new double[4];

    Kinematics(Simulation simulation) {
        copy(simulation.bodyPos(), 3L * simulation.id(Part.BODY, "link0"), base);
        for (int i = 0; i < JOINTS; i++) {
            read(simulation, simulation.id(Part.BODY, "link" + (i + 1)), i);
        }
        int hand = simulation.id(Part.BODY, "hand");
        read(simulation, hand, JOINTS);
        double[] grasp = new double[3];
        copy(simulation.sitePos(), 3L * simulation.id(Part.SITE, "grasp"), grasp);
        Quaternion.addRotated(turn[JOINTS], grasp, offset[JOINTS]);
    }

    private void read(Simulation simulation, int body, int link) {
        copy(simulation.bodyPos(), 3L * body, offset[link]);
        turn[link] = new double[4];
        copy(simulation.bodyQuat(), 4L * body, turn[link]);
    }

    private static void copy(MemorySegment from, long first, double[] to) {
        MemorySegment.copy(from, JAVA_DOUBLE, first * Double.BYTES, to, 0, to.length);
    }

    /** Puts position, orientation and Jacobian to those of the joint angles q (rad). */
    void at(double[] q) {
        place(q);
        for (int i = 0; i < JOINTS; i++) {
            double[] z = axis[i];
            double x = position[0] - origin[i][0];
            double y = position[1] - origin[i][1];
            double up = position[2] - origin[i][2];
            jacobian[0][i] = z[1] * up - z[2] * y;
            jacobian[1][i] = z[2] * x - z[0] * up;
            jacobian[2][i] = z[0] * y - z[1] * x;
            jacobian[3][i] = z[0];
            jacobian[4][i] = z[1];
            jacobian[5][i] = z[2];
        }
    }

    /** {@link #at} without the Jacobian. */
    void place(double[] q) {
        System.arraycopy(base, 0, position, 0, 3);
        frame[0] = 1;
        frame[1] = 0;
        frame[2] = 0;
        frame[3] = 0;
        for (int i = 0; i < JOINTS; i++) {
            Quaternion.addRotated(frame, offset[i], position);
            Quaternion.multiply(frame, turn[i], frame);
            System.arraycopy(position, 0, origin[i], 0, 3);
            Quaternion.zAxis(frame, axis[i]);
            Quaternion.turnAboutZ(frame, q[i]);
        }
        Quaternion.addRotated(frame, offset[JOINTS], position);
        Quaternion.multiply(frame, turn[JOINTS], orientation);
    }
}
