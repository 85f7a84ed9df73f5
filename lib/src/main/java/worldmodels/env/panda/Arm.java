package worldmodels.env.panda;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import worldmodels.env.mujoco.Contacts;
import worldmodels.env.mujoco.Simulation;
import worldmodels.env.mujoco.Simulation.Part;

/**
 * The arm's dynamics in steps of 1/500 s. With MuJoCo's mass matrix M and bias b (gravity, Coriolis and centrifugal forces) at the step's beginning,
 *
 * <pre>  v = qd + dt M^-1 (damping - b),   qd' = v changed by motors, limits and contacts ({@link JointSolver}),   q' = q + dt qd'</pre>
 *
 * A motor asks for the velocity 0.1 (target - q) / dt with a torque within its cap. Each link is damped by a force -m u (0.04 + 0.04 |u|) at its centre
 * of mass, which moves at u, and by a torque -I w (0.04 + 0.04 |w|). Hand and fingers touch the table, the fingers softly.
 */
final class Arm implements AutoCloseable {

    static final int JOINTS = Kinematics.JOINTS;
    static final double TIME_STEP = 1.0 / 500;
    /** What the motors may exert, N m. */
    private static final double[] CAPS = {87, 87, 87, 87, 12, 120, 120};
    private static final double MOTOR_GAIN = 0.1;
    private static final double DAMPING = 0.04;
    private static final double FASTEST = 100;
    private static final double LIMIT_GAIN = 0.2;

    /** Bullet's contact without stiffness of its own. */
    private static final double HARD_GAIN = 0.08 / TIME_STEP;
    private static final double HARD_SOFTNESS = 1e-5 / TIME_STEP;
    /** A fingertip as a spring and damper, N/m and N s/m, integrated implicitly. */
    private static final double STIFFNESS = 30_000;
    private static final double FINGER_DAMPING = 1000.1;
    private static final double FINGER_GAIN = STIFFNESS / (TIME_STEP * STIFFNESS + FINGER_DAMPING);
    private static final double FINGER_SOFTNESS = 1 / (TIME_STEP * STIFFNESS + FINGER_DAMPING) / TIME_STEP;

    final Simulation simulation;
    private final Contacts contacts;
    private final JointSolver solver = new JointSolver();
    private final LinkDamping damping;
    private final MemorySegment bias;
    private final MemorySegment anchors;
    private final MemorySegment axes;
    private final double[] frictions;
    private final int hand;
    private final double[] lower = new double[JOINTS];
    private final double[] upper = new double[JOINTS];

    /** Angles (rad), velocities (rad/s), and the angles that the motors are to reach. */
    final double[] q = new double[JOINTS];
    final double[] qd = new double[JOINTS];
    final double[] target = new double[JOINTS];

    private final double[] mass = new double[JOINTS * JOINTS];
    private final double[][] factor = new double[JOINTS][JOINTS];
    private final double[][] inverse = new double[JOINTS][JOINTS];
    private final double[] force = new double[JOINTS];
    private final double[] origin = new double[3 * JOINTS];
    private final double[] axis = new double[3 * JOINTS];

    Arm() {
        simulation = Simulation.fromXml(resource("reach.xml"), Map.of("look.xml", resource("no-look.xml")));
        contacts = simulation.contactPoints();
        damping = new LinkDamping(simulation, DAMPING);
        bias = simulation.bias();
        anchors = simulation.jointAnchors();
        axes = simulation.jointAxes();
        frictions = simulation.geomFriction().toArray(JAVA_DOUBLE);
        hand = simulation.id(Part.GEOM, "hand");
        double[] ranges = simulation.jointRanges().toArray(JAVA_DOUBLE);
        for (int i = 0; i < JOINTS; i++) {
            lower[i] = ranges[2 * i];
            upper[i] = ranges[2 * i + 1];
        }
    }

    private static String resource(String name) {
        try (InputStream in = Arm.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts the arm somewhere, its motors holding it there. */
    void place(double[] angles, double[] velocities) {
        System.arraycopy(angles, 0, q, 0, JOINTS);
        System.arraycopy(velocities, 0, qd, 0, JOINTS);
        System.arraycopy(angles, 0, target, 0, JOINTS);
        simulation.reset();
        write();
    }

    private void write() {
        MemorySegment.copy(q, 0, simulation.qpos(), JAVA_DOUBLE, 0, JOINTS);
        MemorySegment.copy(qd, 0, simulation.qvel(), JAVA_DOUBLE, 0, JOINTS);
    }

    /** @throws worldmodels.run.KitException if the simulation diverges */
    void advance(int steps) {
        for (int i = 0; i < steps; i++) {
            step();
        }
    }

    private void step() {
        simulation.step1();
        MemorySegment.copy(anchors, JAVA_DOUBLE, 0, origin, 0, origin.length);
        MemorySegment.copy(axes, JAVA_DOUBLE, 0, axis, 0, axis.length);
        invertMass();
        accelerateFreely();
        solver.begin(inverse, qd);
        addMotors();
        addLimits();
        addContacts();
        solver.solve();
        for (int i = 0; i < JOINTS; i++) {
            qd[i] = Math.clamp(qd[i], -FASTEST, FASTEST);
            q[i] += TIME_STEP * qd[i];
        }
        write();
    }

    private void invertMass() {
        simulation.massMatrix(mass);
        for (int i = 0; i < JOINTS; i++) {
            System.arraycopy(mass, i * JOINTS, factor[i], 0, JOINTS);
        }
        Cholesky.factor(factor, JOINTS);
        for (int i = 0; i < JOINTS; i++) {
            double[] column = inverse[i];
            for (int k = 0; k < JOINTS; k++) {
                column[k] = k == i ? 1 : 0;
            }
            Cholesky.solve(factor, JOINTS, column);
        }
    }

    private void accelerateFreely() {
        damping.forces(qd, origin, axis, force);
        for (int i = 0; i < JOINTS; i++) {
            force[i] -= bias.getAtIndex(JAVA_DOUBLE, i);
        }
        Cholesky.solve(factor, JOINTS, force);
        for (int i = 0; i < JOINTS; i++) {
            qd[i] = Math.clamp(qd[i] + TIME_STEP * force[i], -FASTEST, FASTEST);
        }
    }

    private void addMotors() {
        for (int joint : JointSolver.ORDER) {
            double reachable = Math.clamp(target[joint], lower[joint], upper[joint]);
            double impulse = CAPS[joint] * TIME_STEP;
            solver.joint(joint, 1, MOTOR_GAIN * (reachable - q[joint]) / TIME_STEP, -impulse, impulse);
        }
    }

    /** A joint beyond its limit is pushed back by a fifth of the way in a step. */
    private void addLimits() {
        for (int joint : JointSolver.ORDER) {
            if (q[joint] <= lower[joint]) {
                solver.joint(joint, 1, LIMIT_GAIN * (lower[joint] - q[joint]) / TIME_STEP, 0, Double.POSITIVE_INFINITY);
            }
            if (q[joint] >= upper[joint]) {
                solver.joint(joint, -1, LIMIT_GAIN * (q[joint] - upper[joint]) / TIME_STEP, 0, Double.POSITIVE_INFINITY);
            }
        }
    }

    /** What is apart may close the gap within the step; what overlaps is pushed out. */
    private void addContacts() {
        int count = Math.min(contacts.count(), JointSolver.MOST_CONTACTS);
        for (int i = 0; i < count; i++) {
            int scene = contacts.firstGeom(i);
            int part = contacts.secondGeom(i);
            boolean finger = part != hand;
            double gap = contacts.distance(i);
            double gain = gap > 0 ? 1 / TIME_STEP : finger ? FINGER_GAIN : HARD_GAIN;
            int row = solver.contact(-gain * gap, finger ? FINGER_SOFTNESS : HARD_SOFTNESS, frictions[3 * scene] * frictions[3 * part]);
            for (int k = 0; k < 3; k++) {
                fill(solver.jacobian(row + k), i, k);
            }
        }
    }

    /** The Jacobian of a contact's point along a vector of its frame; everything that touches hangs on the last joint. */
    private void fill(double[] row, int contact, int vector) {
        double x = contacts.position(contact, 0);
        double y = contacts.position(contact, 1);
        double z = contacts.position(contact, 2);
        double nx = contacts.frame(contact, vector, 0);
        double ny = contacts.frame(contact, vector, 1);
        double nz = contacts.frame(contact, vector, 2);
        for (int j = 0; j < JOINTS; j++) {
            double ax = axis[3 * j];
            double ay = axis[3 * j + 1];
            double az = axis[3 * j + 2];
            double rx = x - origin[3 * j];
            double ry = y - origin[3 * j + 1];
            double rz = z - origin[3 * j + 2];
            row[j] = nx * (ay * rz - az * ry) + ny * (az * rx - ax * rz) + nz * (ax * ry - ay * rx);
        }
    }

    @Override
    public void close() {
        simulation.close();
    }
}
