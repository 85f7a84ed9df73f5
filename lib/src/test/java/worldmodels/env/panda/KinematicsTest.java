package worldmodels.env.panda;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import worldmodels.env.mujoco.MuJoCo;
import worldmodels.env.mujoco.Simulation.Part;

/** The arm's geometry, its inverse and its inertia, against PyBullet's. */
class KinematicsTest {

    private static Arm arm;
    private static Kinematics tool;

    @BeforeAll
    static void makeTheArm() {
        assumeTrue(MuJoCo.isAvailable(), "MuJoCo is not on this machine");
        arm = new Arm(0);
        tool = new Kinematics(arm.simulation);
    }

    @AfterAll
    static void close() {
        if (arm != null) {
            arm.close();
        }
    }

    @Test
    void toolAndJacobianAreThoseRecorded() throws IOException {
        Recording recorded = Recording.read("fk");
        for (int row = 0; row < recorded.rows(); row++) {
            tool.at(recorded.q(row));
            assertArrayEquals(recorded.numbers(row, "x", "y", "z"), tool.position, 1e-9, "position of row " + row);
            double[] turn = tool.orientation;
            double sign = turn[0] < 0 ? -1 : 1;
            assertArrayEquals(recorded.numbers(row, "qw", "qx", "qy", "qz"),
                    new double[] {sign * turn[0], sign * turn[1], sign * turn[2], sign * turn[3]}, 1e-9, "orientation of row " + row);
            for (int i = 0; i < Kinematics.ROWS; i++) {
                assertArrayEquals(recorded.series(row, "J" + (i + 1), 1, 7), tool.jacobian[i], 1e-9, "Jacobian of row " + row);
            }
        }
    }

    @Test
    void muJoCoPutsTheToolWhereTheChainDoes() throws IOException {
        Recording recorded = Recording.read("fk");
        long grasp = arm.simulation.id(Part.SITE, "grasp");
        for (int row = 0; row < 20; row++) {
            arm.place(recorded.q(row), new double[7]);
            arm.simulation.forward();
            double[] all = arm.simulation.siteXpos().toArray(JAVA_DOUBLE);
            tool.place(recorded.q(row));
            for (int i = 0; i < 3; i++) {
                assertEquals(all[(int) (3 * grasp + i)], tool.position[i], 1e-12, "row " + row);
            }
        }
    }

    @Test
    void inverseKinematicsStopsWhereTheOriginalDoes() throws IOException {
        Recording recorded = Recording.read("ik");
        InverseKinematics inverse = new InverseKinematics(tool);
        for (int row = 0; row < recorded.rows(); row++) {
            double[] q = recorded.q(row);
            assertEquals(recorded.number(row, "iters"), inverse.solve(recorded.numbers(row, "tx", "ty", "tz"), q), "row " + row);
            assertArrayEquals(recorded.series(row, "s", 1, 7), q, 1e-6, "row " + row);
        }
    }

    @Test
    void massMatrixAndBiasAreThoseRecorded() throws IOException {
        Recording recorded = Recording.read("dynamics");
        int joints = Arm.JOINTS;
        double[] mass = new double[joints * joints];
        for (int row = 0; row < recorded.rows(); row++) {
            arm.place(recorded.q(row), recorded.qd(row));
            arm.simulation.step1();
            arm.simulation.massMatrix(mass);
            for (int i = 0; i < 7; i++) {
                for (int j = i; j < 7; j++) {
                    double entry = recorded.number(row, "M" + (i + 1) + (j + 1));
                    assertEquals(entry, mass[joints * i + j], 1e-8, "row " + row);
                    assertEquals(entry, mass[joints * j + i], 1e-8, "row " + row);
                }
            }
            double[] bias = Arrays.copyOf(arm.simulation.bias().toArray(JAVA_DOUBLE), 7);
            assertArrayEquals(recorded.series(row, "bias", 1, 7), bias, 1e-7, "row " + row);
        }
    }
}
