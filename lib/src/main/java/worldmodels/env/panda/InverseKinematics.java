package worldmodels.env.panda;

/**
 * Joint angles for a wanted position of the tool, pointing down, by damped least squares from the current angles (Buss, Introduction to Inverse
 * Kinematics with Jacobian Transpose, Pseudoinverse and Damped Least Squares Methods, 2004, equation 11):
 *
 * <pre>  dq = J^T (J J^T + lambda^2 I)^-1 e,   e = (p* - p, rotation vector of R* R^-1)</pre>
 *
 * with lambda^2 = 0.5, scaled down if an entry of dq exceeds pi/4, at most 20 times, ending after an iteration that began within 0.1 mm. The
 * damping is so large that the answer is some millimetres short, which is part of the original's behaviour: a converged solver makes
 * another environment. Joint limits are ignored.
 */
final class InverseKinematics {

    private static final int ITERATIONS = 20;
    private static final double DAMPING = 0.5;
    private static final double LARGEST_STEP = Math.PI / 4;
    private static final double NEAR = 1e-4;
    /** Half a turn about x: the tool's z axis points down. */
    private static final double[] DOWN = {0, 1, 0, 0};
    private static final int ROWS = Kinematics.ROWS;
    private static final int JOINTS = Kinematics.JOINTS;

    private final Kinematics tool;
    private final double[] error = new double[ROWS];
    private final double[][] normal = new double[ROWS][ROWS];
    private final double[] turn = new double[4];
    private final double[] rotation = new double[3];
    private final double[] step = new double[JOINTS];

    InverseKinematics(Kinematics tool) {
        this.tool = tool;
    }

    /**
     * @param wanted position of the tool, metres
     * @param q      the angles to start from, replaced by the answer
     * @return how many iterations there were
     */
    int solve(double[] wanted, double[] q) {
        for (int iteration = 1; iteration <= ITERATIONS; iteration++) {
            tool.at(q);
            for (int i = 0; i < 3; i++) {
                error[i] = wanted[i] - tool.position[i];
            }
            double distance = Math.sqrt(error[0] * error[0] + error[1] * error[1] + error[2] * error[2]);
            Quaternion.divide(DOWN, tool.orientation, turn);
            Quaternion.rotationVector(turn, rotation);
            System.arraycopy(rotation, 0, error, 3, 3);
            descend(q);
            if (distance < NEAR) {
                return iteration;
            }
        }
        return ITERATIONS;
    }

    /** q += dq */
    private void descend(double[] q) {
        double[][] jacobian = tool.jacobian;
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = i == j ? DAMPING : 0;
                for (int k = 0; k < JOINTS; k++) {
                    sum += jacobian[i][k] * jacobian[j][k];
                }
                normal[i][j] = sum;
            }
        }
        Cholesky.factor(normal, ROWS);
        Cholesky.solve(normal, ROWS, error, 0);
        double largest = 0;
        for (int k = 0; k < JOINTS; k++) {
            double sum = 0;
            for (int i = 0; i < ROWS; i++) {
                sum += jacobian[i][k] * error[i];
            }
            step[k] = sum;
            largest = Math.max(largest, Math.abs(sum));
        }
        double scale = largest > LARGEST_STEP ? LARGEST_STEP / largest : 1;
        for (int k = 0; k < JOINTS; k++) {
            q[k] += scale * step[k];
        }
    }
}
