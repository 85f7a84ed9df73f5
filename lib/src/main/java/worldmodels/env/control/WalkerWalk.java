package worldmodels.env.control;

import worldmodels.env.mujoco.Simulation;
import worldmodels.env.mujoco.Simulation.Part;
import worldmodels.random.Pcg64;

/**
 * Walker walk.
 *
 * <h2>Description</h2>
 * A two-legged figure in a vertical plane falls to the ground, has to stand up and to walk to the right. 40 control steps are one second.
 *
 * <h2>Action space</h2>
 * Six numbers from -1 to 1: the torques at the hip, knee and ankle of the right and then of the left leg, in units of 100, 50 and 20 N m.
 *
 * <h2>Observation space</h2>
 * 64 x 64 x 3 bytes RGB of a camera that follows at its side, or 24 numbers: for torso, right thigh, leg and foot, left thigh, leg and foot the
 * elements xx and xz of its orientation; the torso's height (m); 9 velocities.
 *
 * <h2>Reward</h2>
 * stand (5 move + 1) / 6, where stand = (3 t(height) + u) / 4 with t Gaussian from 1.2 m on, margin 0.6 m, and u = (1 + zz of the torso) / 2;
 * move is linear in the forward velocity of the centre of mass from 1 m/s on, margin 0.5 m/s, 0.5 at the margin ({@link Tolerance}).
 *
 * <h2>Starting state</h2>
 * In the air at 1.3 m, at rest: pitch uniform in [-pi, pi], the six joints uniform in their ranges.
 *
 * <h2>End of episode</h2>
 * Truncated after 1000 control steps (25 s). Falling ends nothing.
 *
 * <h2>Versions</h2>
 * dm_control 1.0.7; physics and reward have been the same since its first release.
 */
public final class WalkerWalk extends SuiteTask {

    private static final String[] BODIES = {"torso", "right_thigh", "right_leg", "right_foot", "left_thigh", "left_leg", "left_foot"};
    private static final int PITCH = 2;
    private static final int FIRST_JOINT = 3;
    private static final double STANDING = 1.2;
    private static final double WALKING = 1;

    private final long[] bodies = new long[BODIES.length];

    WalkerWalk(Simulation simulation) {
        super(simulation);
        for (int i = 0; i < bodies.length; i++) {
            bodies[i] = simulation.id(Part.BODY, BODIES[i]);
        }
    }

    @Override
    void draw(Pcg64 random) {
        put(simulation.qpos(), PITCH, random.uniform(-Math.PI, Math.PI));
        for (int i = FIRST_JOINT; i < simulation.nq(); i++) {
            drawInRange(random, i);
        }
    }

    @Override
    int observations() {
        return 24;
    }

    @Override
    void observe(double[] target) {
        for (int i = 0; i < bodies.length; i++) {
            target[2 * i] = at(simulation.xmat(), 9 * bodies[i]);
            target[2 * i + 1] = at(simulation.xmat(), 9 * bodies[i] + 2);
        }
        target[14] = height();
        copy(simulation.qvel(), target, 15);
    }

    @Override
    double reward() {
        double standing = Tolerance.gaussian(height(), STANDING, Double.POSITIVE_INFINITY, STANDING / 2, 0.1);
        double upright = (1 + at(simulation.xmat(), 9 * bodies[0] + 8)) / 2;
        double stand = (3 * standing + upright) / 4;
        double velocity = at(simulation.sensordata(), 0);
        double move = Tolerance.linear(velocity, WALKING, Double.POSITIVE_INFINITY, WALKING / 2, 0.5);
        return stand * (5 * move + 1) / 6;
    }

    private double height() {
        return at(simulation.xpos(), 3 * bodies[0] + 2);
    }
}
