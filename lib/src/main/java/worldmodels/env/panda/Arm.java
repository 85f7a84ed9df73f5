package worldmodels.env.panda;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import worldmodels.env.mujoco.Contacts;
import worldmodels.env.mujoco.Simulation;
import worldmodels.env.mujoco.Simulation.Part;

/**
 * The arm's dynamics in steps of 1/500 s. With MuJoCo's mass matrix M and bias b (gravity, Coriolis and centrifugal forces) at the step's beginning,
 *
 * <pre>  v = qd + dt M^-1 ({@link LinkDamping} - b),   qd' = v changed by motors, limits and contacts ({@link JointSolver}),   q' = q + dt qd'</pre>
 *
 * A motor asks for the velocity 0.1 (target - q) / dt with a force within its cap. The nine joints are the seven hinges and the two fingers, which slide
 * and are kept closed; held fast they would feel the table differently, since the solver stops before their motors have passed
 * everything on. Hand and fingers touch table and floor.
 *
 * <p>Units: rad, rad/s and N m for hinges, m, m/s and N for fingers.
 */
final class Arm implements AutoCloseable {

    static final int HINGES = Kinematics.JOINTS;
    static final int JOINTS = HINGES + 2;
    static final double TIME_STEP = 1.0 / 500;

    private static final double[] CAPS = {87, 87, 87, 87, 12, 120, 120, 170, 170};
    private static final double MOTOR_GAIN = 0.1;
    private static final double LIMIT_GAIN = 0.2;
    private static final double FASTEST = 100;

    /** MuJoCo finds up to eight points of a box on the table; as many as this, the deepest, stand for the few that Bullet keeps. */
    private static final int POINTS = 2;
    /** How fast, in 1/s, an overlap is pushed out, and how softly, in m/s for a unit of impulse: Bullet's contact. */
    private static final double HAND_GAIN = 0.08 / TIME_STEP;
    private static final double HAND_SOFTNESS = 1e-5 / TIME_STEP;
    /** A finger's contact is a spring and damper (N/m, N s/m) integrated implicitly. */
    private static final double STIFFNESS = 30_000;
    private static final double DAMPING = 1000.1;
    private static final double FINGER_GAIN = STIFFNESS / (TIME_STEP * STIFFNESS + DAMPING);
    private static final double FINGER_SOFTNESS = 1 / (TIME_STEP * (TIME_STEP * STIFFNESS + DAMPING));

    final Simulation simulation;
    private final JointSolver solver = new JointSolver();
    private final LinkDamping damping;
    private final Contacts contacts;
    private final MemorySegment bias;
    private final MemorySegment anchors;
    private final MemorySegment axes;
    private final double[] frictions;
    private final double[] lower = new double[JOINTS];
    private final double[] upper = new double[JOINTS];
    /** The finger joint of each geom, 0 for those that have none. */
    private final int[] finger;

    /** Where the joints are, how fast they move, and where the motors are to bring them. */
    final double[] q = new double[JOINTS];
    final double[] qd = new double[JOINTS];
    final double[] target = new double[JOINTS];

    private final double[] mass = new double[JOINTS * JOINTS];
    private final double[][] factor = new double[JOINTS][JOINTS];
    private final double[][] inverse = new double[JOINTS][JOINTS];
    private final double[] force = new double[JOINTS];
    private final double[] origin = new double[3 * JOINTS];
    private final double[] axis = new double[3 * JOINTS];
    private final double[] point = new double[3];
    private final double[] along = new double[3];

    /** @param side of the pictures in pixels; 0 for a model without what only pictures need */
    Arm(int side) {
        String look = side > 0 ? Picture.look(resource("look.xml"), side) : resource("no-look.xml");
        simulation = Simulation.fromXml(resource("reach.xml"), Map.of("look.xml", look));
        damping = new LinkDamping(simulation);
        contacts = simulation.contactPoints();
        bias = simulation.bias();
        anchors = simulation.jointAnchors();
        axes = simulation.jointAxes();
        frictions = simulation.geomFriction().toArray(JAVA_DOUBLE);
        double[] ranges = simulation.jointRanges().toArray(JAVA_DOUBLE);
        for (int i = 0; i < JOINTS; i++) {
            lower[i] = ranges[2 * i];
            upper[i] = ranges[2 * i + 1];
        }
        finger = new int[frictions.length / 3];
        for (int i = HINGES; i < JOINTS; i++) {
            finger[simulation.id(Part.GEOM, i == HINGES ? "left_finger" : "right_finger")] = i;
        }
    }

    private static String resource(String name) {
        try (InputStream in = Arm.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts the hinges somewhere, the motors holding them there, and closes the fingers. */
    void place(double[] angles, double[] velocities) {
        Arrays.fill(q, 0);
        Arrays.fill(qd, 0);
        System.arraycopy(angles, 0, q, 0, HINGES);
        System.arraycopy(velocities, 0, qd, 0, HINGES);
        System.arraycopy(q, 0, target, 0, JOINTS);
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
            Arrays.fill(inverse[i], 0);
            inverse[i][i] = 1;
            Cholesky.solve(factor, JOINTS, inverse[i], i);
        }
    }

    private void accelerateFreely() {
        damping.forces(qd, origin, axis, force);
        for (int i = 0; i < JOINTS; i++) {
            force[i] -= bias.getAtIndex(JAVA_DOUBLE, i);
        }
        Cholesky.solve(factor, JOINTS, force, 0);
        for (int i = 0; i < JOINTS; i++) {
            qd[i] = Math.clamp(qd[i] + TIME_STEP * force[i], -FASTEST, FASTEST);
        }
    }

    private void addMotors() {
        for (int joint : JointSolver.ORDER) {
            double reachable = Math.clamp(target[joint], lower[joint], upper[joint]);
            double impulse = CAPS[joint] * TIME_STEP;
            solver.joint(joint, MOTOR_GAIN * (reachable - q[joint]) / TIME_STEP, -impulse, impulse);
        }
    }

    /** A joint beyond its limit is pushed back by a fifth of the way in a step. */
    private void addLimits() {
        for (int joint : JointSolver.ORDER) {
            if (q[joint] <= lower[joint]) {
                solver.joint(joint, LIMIT_GAIN * (lower[joint] - q[joint]) / TIME_STEP, 0, Double.POSITIVE_INFINITY);
            }
            if (q[joint] >= upper[joint]) {
                solver.joint(joint, LIMIT_GAIN * (upper[joint] - q[joint]) / TIME_STEP, Double.NEGATIVE_INFINITY, 0);
            }
        }
    }

    /** What is apart may close the gap within the step; what overlaps is pushed out. */
    private void addContacts() {
        int count = Math.min(contacts.count(), JointSolver.MOST_CONTACTS);
        for (int i = 0; i < count; i++) {
            int scene = contacts.firstGeom(i);
            int part = contacts.secondGeom(i);
            if (deeper(i, part, count) >= POINTS) {
                continue;
            }
            boolean soft = finger[part] > 0;
            double gap = contacts.distance(i);
            double gain = gap > 0 ? 1 / TIME_STEP : soft ? FINGER_GAIN : HAND_GAIN;
            int row = solver.contact(-gain * gap, soft ? FINGER_SOFTNESS : HAND_SOFTNESS, frictions[3 * scene] * frictions[3 * part]);
            for (int a = 0; a < 3; a++) {
                point[a] = contacts.position(i, a);
            }
            for (int k = 0; k < 3; k++) {
                for (int a = 0; a < 3; a++) {
                    along[a] = contacts.frame(i, k, a);
                }
                fill(solver.jacobian(row + k), finger[part]);
            }
        }
    }

    /** How many of a part's contacts lie deeper than contact i. */
    private int deeper(int i, int part, int count) {
        double gap = contacts.distance(i);
        int deeper = 0;
        for (int k = 0; k < count; k++) {
            double other = contacts.distance(k);
            deeper += contacts.secondGeom(k) == part && (other < gap || other == gap && k < i) ? 1 : 0;
        }
        return deeper;
    }

    /** How fast each joint moves the point in the direction; what touches hangs on the last hinge, and perhaps on a finger. */
    private void fill(double[] row, int slider) {
        for (int j = 0; j < HINGES; j++) {
            double x = point[0] - origin[3 * j];
            double y = point[1] - origin[3 * j + 1];
            double z = point[2] - origin[3 * j + 2];
            double ax = axis[3 * j];
            double ay = axis[3 * j + 1];
            double az = axis[3 * j + 2];
            row[j] = along[0] * (ay * z - az * y) + along[1] * (az * x - ax * z) + along[2] * (ax * y - ay * x);
        }
        for (int j = HINGES; j < JOINTS; j++) {
            row[j] = j == slider ? along[0] * axis[3 * j] + along[1] * axis[3 * j + 1] + along[2] * axis[3 * j + 2] : 0;
        }
    }

    @Override
    public void close() {
        simulation.close();
    }
}
