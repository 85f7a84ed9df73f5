package worldmodels.env.control;

import worldmodels.env.mujoco.Simulation;
import worldmodels.random.Pcg64;

/**
 * Cheetah run.
 *
 * <h2>Description</h2>
 * A two-legged animal in a vertical plane (14 kg, six driven joints) has to run to the right. 100 control steps are one second.
 *
 * <h2>Action space</h2>
 * Six numbers from -1 to 1: the torques at back thigh, shin and foot and at front thigh, shin and foot, in units of 120, 90, 60, 90, 60
 * and 30 N m.
 *
 * <h2>Observation space</h2>
 * 64 x 64 x 3 bytes RGB of a camera that follows at its side, or 17 numbers: 8 coordinates (height and pitch of the torso and the six joints,
 * m and rad; where it is along the road is left out) and 9 velocities.
 *
 * <h2>Reward</h2>
 * The forward velocity of the centre of mass divided by 10 m/s, clipped to [0, 1].
 *
 * <h2>Starting state</h2>
 * The six joints uniform in their ranges, then 200 control steps without action, in which it drops to the ground and comes to rest.
 *
 * <h2>End of episode</h2>
 * Truncated after 1000 control steps (10 s).
 *
 * <h2>Versions</h2>
 * dm_control 1.0.7. Before April 2019 the joints began at 0, which published PlaNet scores mostly stand on.
 */
public final class CheetahRun extends SuiteTask {

    private static final int FIRST_JOINT = 3;
    private static final int SETTLING_STEPS = 200;
    private static final double RUNNING = 10;

    CheetahRun(Simulation simulation) {
        super(simulation);
    }

    @Override
    void draw(Pcg64 random) {
        for (int i = FIRST_JOINT; i < simulation.nq(); i++) {
            drawInRange(random, i);
        }
    }

    /** Nothing is computed between the draw and the first step here; the original does the same. */
    @Override
    void settle() {
        simulation.advance(SETTLING_STEPS);
        simulation.time(0);
    }

    @Override
    int observations() {
        return 17;
    }

    @Override
    void observe(double[] target) {
        for (int i = 1; i < simulation.nq(); i++) {
            target[i - 1] = at(simulation.qpos(), i);
        }
        copy(simulation.qvel(), target, simulation.nq() - 1);
    }

    @Override
    double reward() {
        return Tolerance.linear(at(simulation.sensordata(), 0), RUNNING, Double.POSITIVE_INFINITY, RUNNING, 0);
    }
}
