package worldmodels.env.panda;

/**
 * Joint velocities that motors, limits and contacts agree on: projected Gauss-Seidel on impulses, as Bullet solves it (Catto, Iterative Dynamics with
 * Temporal Coherence, 2005). Each row asks for a velocity along its Jacobian J and may spend an impulse within bounds. Visiting a row,
 *
 * <pre>  d = (wanted - J v - s f) / (J M^-1 J^T + s),   f' = clip(f + d),   v += M^-1 J^T (f' - f)</pre>
 *
 * with the mass matrix M, the impulse f so far (it begins at 0) and the row's softness s. Sweeps end when the largest squared change of a row's velocity
 * is at most 1e-7, else after 50. They stop short of the solution, and the order of the rows decides where: motors and limits go in the order
 * in which Bullet's sorting leaves them, backwards in every other sweep, then the contacts' normals, then friction, whose two
 * impulses stay in a circle.
 *
 * <p>Units: rad/s and m/s; N m s and N s. Rows are kept in arrays of fixed size; nothing is allocated.
 */
final class JointSolver {

    private static final int JOINTS = Arm.JOINTS;
    private static final int SWEEPS = 50;
    private static final double SMALL = 1e-7;
    /** Joints 3, 4, 1, 2, 5, the fingers, 6, 7. */
    static final int[] ORDER = {2, 3, 0, 1, 4, 7, 8, 5, 6};
    static final int MOST_CONTACTS = 32;
    private static final int MOST_JOINT_ROWS = 2 * JOINTS;
    private static final int MOST_ROWS = MOST_JOINT_ROWS + 3 * MOST_CONTACTS;

    private final double[] wanted = new double[MOST_ROWS];
    private final double[] impulse = new double[MOST_ROWS];
    /** J M^-1 J^T + s, and its reciprocal. */
    private final double[] divisor = new double[MOST_ROWS];
    private final double[] reciprocal = new double[MOST_ROWS];

    /** Of motors and limits: the joint that alone is in the Jacobian, with 1, and the impulse's bounds. */
    private final int[] joint = new int[MOST_JOINT_ROWS];
    private final double[] least = new double[MOST_JOINT_ROWS];
    private final double[] most = new double[MOST_JOINT_ROWS];

    /** Of contacts: J and M^-1 J^T; softness and coefficient of friction are the normal's. */
    private final double[][] jacobian = new double[MOST_ROWS][JOINTS];
    private final double[][] response = new double[MOST_ROWS][JOINTS];
    private final double[] softness = new double[MOST_ROWS];
    private final double[] friction = new double[MOST_ROWS];

    private double[][] inverseMass;
    private double[] velocity;
    private int jointRows;
    private int rows;

    /**
     * Begins a problem without rows.
     *
     * @param inverseMass M^-1 (9, 9)
     * @param velocity    of the joints without the rows; {@link #solve} replaces it
     */
    void begin(double[][] inverseMass, double[] velocity) {
        this.inverseMass = inverseMass;
        this.velocity = velocity;
        jointRows = 0;
        rows = 0;
    }

    /**
     * A motor or limit, which asks a joint for a velocity; all of them are added before the first contact. A limit from below has only impulses of
     * at least 0, one from above only those of at most 0.
     */
    void joint(int index, double wantedVelocity, double leastImpulse, double mostImpulse) {
        int row = rows++;
        jointRows = rows;
        joint[row] = index;
        wanted[row] = wantedVelocity;
        least[row] = leastImpulse;
        most[row] = mostImpulse;
        impulse[row] = 0;
        divisor[row] = inverseMass[index][index];
        reciprocal[row] = 1 / divisor[row];
    }

    /**
     * A contact: a normal impulse of at least 0, and friction of at most {@code coefficient} times that.
     *
     * @return the row of the normal, followed by those of the two tangents, whose {@link #jacobian} the caller fills before {@link #solve}
     */
    int contact(double wantedVelocity, double soft, double coefficient) {
        int row = rows;
        rows += 3;
        wanted[row] = wantedVelocity;
        softness[row] = soft;
        friction[row] = coefficient;
        for (int i = row; i < rows; i++) {
            impulse[i] = 0;
        }
        return row;
    }

    double[] jacobian(int row) {
        return jacobian[row];
    }

    /** The impulse of a row after {@link #solve}; rows are numbered as they were added. */
    double impulse(int row) {
        return impulse[row];
    }

    /** @return the number of sweeps */
    int solve() {
        for (int row = jointRows; row < rows; row++) {
            prepare(row);
        }
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            double change = 0;
            for (int k = 0; k < jointRows; k++) {
                change = Math.max(change, visitJoint(sweep % 2 == 1 ? k : jointRows - 1 - k));
            }
            for (int row = jointRows; row < rows; row += 3) {
                change = Math.max(change, visitNormal(row));
            }
            for (int row = jointRows; row < rows; row += 3) {
                change = Math.max(change, visitFriction(row));
            }
            if (change * change <= SMALL) {
                return sweep + 1;
            }
        }
        return SWEEPS;
    }

    private void prepare(int row) {
        double diagonal = (row - jointRows) % 3 == 0 ? softness[row] : 0;
        for (int k = 0; k < JOINTS; k++) {
            double sum = 0;
            for (int j = 0; j < JOINTS; j++) {
                sum += inverseMass[k][j] * jacobian[row][j];
            }
            response[row][k] = sum;
            diagonal += jacobian[row][k] * sum;
        }
        divisor[row] = diagonal;
        reciprocal[row] = 1 / diagonal;
    }

    /** Each visit returns by how much it has changed the row's velocity. */
    private double visitJoint(int row) {
        int index = joint[row];
        double before = impulse[row];
        double least = this.least[row] - before;
        double most = this.most[row] - before;
        double change = (wanted[row] - velocity[index]) * reciprocal[row];
        // Math.clamp minds the signs of zeros and takes three times as long.
        return push(row, change > most ? most : change < least ? least : change, inverseMass[index]);
    }

    private double visitNormal(int row) {
        double change = (wanted[row] - along(row) - softness[row] * impulse[row]) * reciprocal[row];
        return push(row, Math.max(change, -impulse[row]), response[row]);
    }

    private double visitFriction(int normal) {
        int first = normal + 1;
        int second = normal + 2;
        double a = impulse[first] - along(first) * reciprocal[first];
        double b = impulse[second] - along(second) * reciprocal[second];
        double bound = friction[normal] * impulse[normal];
        double size = Math.sqrt(a * a + b * b);
        double scale = size > bound ? bound / size : 1;
        return Math.max(push(first, scale * a - impulse[first], response[first]), push(second, scale * b - impulse[second], response[second]));
    }

    /** J v, in three sums that the processor can form side by side. */
    private double along(int row) {
        double[] by = jacobian[row];
        double[] v = velocity;
        double a = 0;
        double b = 0;
        double c = 0;
        for (int k = 0; k < JOINTS; k += 3) {
            a += by[k] * v[k];
            b += by[k + 1] * v[k + 1];
            c += by[k + 2] * v[k + 2];
        }
        return a + b + c;
    }

    /** Spends an impulse more, which moves the joints by so much for each unit. */
    private double push(int row, double change, double[] by) {
        impulse[row] += change;
        double[] v = velocity;
        for (int k = 0; k < JOINTS; k++) {
            v[k] += by[k] * change;
        }
        return Math.abs(change) * divisor[row];
    }
}
