package worldmodels.env.control;

import worldmodels.env.mujoco.Simulation;
import worldmodels.random.Pcg64;

/**
 * Finger spin.
 *
 * <h2>Description</h2>
 * A finger of two links has to keep a body turning on its hinge by hitting it. There is no gravity. 50 control steps are one second.
 *
 * <h2>Action space</h2>
 * Two numbers from -1 to 1: the torques at the finger's proximal and distal joint in units of 30 and 15 N m.
 *
 * <h2>Observation space</h2>
 * 64 x 64 x 3 bytes RGB of the fixed camera, or 9 numbers: the finger's two angles (rad), x and z of the spinner's tip from its hinge (m),
 * the angular velocities of finger and spinner (rad/s), ln(1 + force) of the fingertip's upper and lower touch sensor (N).
 *
 * <h2>Reward</h2>
 * 1 while the spinner turns at -15 rad/s or faster in that direction, else 0.
 *
 * <h2>Starting state</h2>
 * The finger's joints uniform in their ranges, the spinner uniform in [-pi, pi], at rest; drawn again until nothing touches.
 *
 * <h2>End of episode</h2>
 * Truncated after 1000 control steps (20 s).
 *
 * <h2>Versions</h2>
 * dm_control 1.0.7; physics and reward have been the same since its first release.
 */
public final class FingerSpin extends SuiteTask {

    private static final double SPINNING = -15;
    private static final int HINGE = 2;

    /** Places in the model's sensor data. */
    private static final int HINGE_VELOCITY = 4;
    private static final int TIP = 5;
    private static final int SPINNER = 11;
    private static final int TOUCH_TOP = 14;
    private static final int TOUCH_BOTTOM = 15;

    FingerSpin(Simulation simulation) {
        super(simulation);
    }

    @Override
    void draw(Pcg64 random) {
        drawInRange(random, 0);
        drawInRange(random, 1);
        put(simulation.qpos(), HINGE, random.uniform(-Math.PI, Math.PI));
    }

    @Override
    boolean accepts() {
        simulation.forwardWithoutActuation();
        return simulation.contacts() == 0;
    }

    @Override
    int observations() {
        return 9;
    }

    @Override
    void observe(double[] target) {
        target[0] = sensor(0);
        target[1] = sensor(1);
        target[2] = sensor(TIP) - sensor(SPINNER);
        target[3] = sensor(TIP + 2) - sensor(SPINNER + 2);
        target[4] = sensor(2);
        target[5] = sensor(3);
        target[6] = sensor(HINGE_VELOCITY);
        target[7] = Math.log1p(sensor(TOUCH_TOP));
        target[8] = Math.log1p(sensor(TOUCH_BOTTOM));
    }

    @Override
    double reward() {
        return sensor(HINGE_VELOCITY) <= SPINNING ? 1 : 0;
    }

    private double sensor(int i) {
        return at(simulation.sensordata(), i);
    }
}
