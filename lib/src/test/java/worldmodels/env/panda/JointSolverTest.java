package worldmodels.env.panda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class JointSolverTest {

    private static final double FREE = Double.POSITIVE_INFINITY;

    private final JointSolver solver = new JointSolver();

    /** A chain whose neighbours pull each other along. */
    private static double[][] inverseMass() {
        double[][] inverse = new double[9][9];
        for (int i = 0; i < 9; i++) {
            inverse[i][i] = 2;
            if (i > 0) {
                inverse[i][i - 1] = inverse[i - 1][i] = -0.5;
            }
        }
        return inverse;
    }

    private static double[][] identity() {
        double[][] identity = new double[9][9];
        for (int i = 0; i < 9; i++) {
            identity[i][i] = 1;
        }
        return identity;
    }

    @Test
    void strongMotorsGetWhatTheyAskFor() {
        double[] velocity = {3, -2, 1, 0, 1, -2, 3, 0, 1};
        solver.begin(inverseMass(), velocity);
        for (int joint : JointSolver.ORDER) {
            solver.joint(joint, 0.1 * joint, -FREE, FREE);
        }
        solver.solve();
        // The last sweep changed no row by more than sqrt(1e-7).
        assertArrayEquals(new double[] {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8}, velocity, 1e-3);
    }

    @Test
    void aWeakMotorGivesAllItHas() {
        double[] velocity = new double[9];
        solver.begin(inverseMass(), velocity);
        solver.joint(0, 10, -1, 1);
        solver.solve();
        assertEquals(1, solver.impulse(0));
        assertArrayEquals(new double[] {2, -0.5, 0, 0, 0, 0, 0, 0, 0}, velocity, 1e-15);
    }

    @Test
    void aLimitPushesOnlyInwards() {
        double[] velocity = {-1, 0, 0, 0, 0, 0, 0, 0, 0};
        solver.begin(inverseMass(), velocity);
        solver.joint(0, 0.5, 0, FREE);
        solver.solve();
        assertEquals(0.5, velocity[0], 1e-12);
        velocity[0] = 1;
        solver.begin(inverseMass(), velocity);
        solver.joint(0, 0.5, 0, FREE);
        solver.solve();
        assertEquals(1, velocity[0], "it is leaving by itself");
        solver.begin(inverseMass(), velocity);
        solver.joint(0, -0.5, -FREE, 0);
        solver.solve();
        assertEquals(-0.5, velocity[0], 1e-12, "a limit from above");
    }

    @Test
    void frictionStaysInItsCircle() {
        double[] velocity = {-1, 3, 4, 0, 0, 0, 0, 0, 0};
        solver.begin(identity(), velocity);
        int row = solver.contact(0, 0, 0.5);
        for (int k = 0; k < 3; k++) {
            solver.jacobian(row + k)[k] = 1;
        }
        solver.solve();
        assertEquals(1, solver.impulse(row), 1e-12, "what stops the approach at 1 m/s");
        assertEquals(0.5, Math.hypot(solver.impulse(row + 1), solver.impulse(row + 2)), 1e-12);
        assertEquals(-0.3, solver.impulse(row + 1), 1e-12, "against the sliding");
        assertArrayEquals(new double[] {0, 2.7, 3.6, 0, 0, 0, 0, 0, 0}, velocity, 1e-12);
    }

    @Test
    void softnessGivesWay() {
        double[] velocity = {-1, 0, 0, 0, 0, 0, 0, 0, 0};
        solver.begin(identity(), velocity);
        int row = solver.contact(0, 1, 0);
        for (int k = 0; k < 3; k++) {
            solver.jacobian(row + k)[k] = 1;
        }
        solver.solve();
        assertEquals(0.5, solver.impulse(row), 1e-12, "(0 - v) / (1 + s)");
        assertTrue(velocity[0] < 0);
    }
}
