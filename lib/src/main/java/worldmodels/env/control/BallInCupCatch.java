package worldmodels.env.control;

import worldmodels.env.mujoco.Simulation;
import worldmodels.env.mujoco.Simulation.Part;
import worldmodels.random.Pcg64;

/**
 * Ball in cup catch.
 *
 * <h2>Description</h2>
 * A ball hangs on a string of 0.3 m from a cup that can be moved in a vertical plane; it has to be swung into the cup and kept there. 50 control
 * steps are one second.
 *
 * <h2>Action space</h2>
 * Two numbers from -1 to 1: the forces on the cup to the right and upwards in units of 5 N, against springs that pull it back.
 *
 * <h2>Observation space</h2>
 * 64 x 64 x 3 bytes RGB of the fixed camera, or 8 numbers: x and z of cup and ball from where the model has them (m), and their
 * velocities (m/s).
 *
 * <h2>Reward</h2>
 * 1 while the ball is inside the cup: less than 0.025 m from the middle of its opening in x and in z; else 0.
 *
 * <h2>Starting state</h2>
 * The ball's x uniform in [-0.2, 0.2] m and z in [0.2, 0.5] m, drawn again until nothing touches; the cup in its place; all at rest.
 *
 * <h2>End of episode</h2>
 * Truncated after 1000 control steps (20 s).
 *
 * <h2>Versions</h2>
 * dm_control 1.0.7; physics and reward have been the same since its first release.
 */
public final class BallInCupCatch extends SuiteTask {

    /** Half of the target's size minus the ball's radius. */
    private static final double INSIDE = 0.05 - 0.025;
    private static final int BALL_X = 2;
    private static final int BALL_Z = 3;

    private final long ball;
    private final long target;

    BallInCupCatch(Simulation simulation) {
        super(simulation);
        ball = 3L * simulation.id(Part.BODY, "ball");
        target = 3L * simulation.id(Part.SITE, "target");
    }

    @Override
    void draw(Pcg64 random) {
        put(simulation.qpos(), BALL_X, random.uniform(-0.2, 0.2));
        put(simulation.qpos(), BALL_Z, random.uniform(0.2, 0.5));
    }

    @Override
    boolean accepts() {
        simulation.forwardWithoutActuation();
        return simulation.contacts() == 0;
    }

    @Override
    int observations() {
        return 8;
    }

    @Override
    void observe(double[] numbers) {
        copy(simulation.qpos(), numbers, 0);
        copy(simulation.qvel(), numbers, simulation.nq());
    }

    @Override
    double reward() {
        return distance(0) < INSIDE && distance(2) < INSIDE ? 1 : 0;
    }

    private double distance(int axis) {
        return Math.abs(at(simulation.siteXpos(), target + axis) - at(simulation.xpos(), ball + axis));
    }
}
