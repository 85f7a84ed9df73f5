package worldmodels.env.control;

import worldmodels.env.mujoco.Simulation;
import worldmodels.env.mujoco.Simulation.Part;
import worldmodels.random.Pcg64;

/**
 * Cartpole swingup.
 *
 * <h2>Description</h2>
 * A cart on a rail of 3.6 m carries a pole of 1 m that hangs down. The cart is too weak to lift the pole at once: it has to be swung up and then balanced,
 * near the middle of the rail. 100 control steps are one second.
 *
 * <h2>Action space</h2>
 * One number from -1 to 1: the force on the cart in units of 10 N.
 *
 * <h2>Observation space</h2>
 * 64 x 64 x 3 bytes RGB of the fixed camera, or 5 numbers: the cart's position (m), cosine and sine of the pole's angle (1 and 0 when
 * upright), the cart's velocity (m/s), the pole's angular velocity (rad/s).
 *
 * <h2>Reward</h2>
 * The product of four numbers in [0, 1]: (cosine + 1) / 2; (4 + t(action)) / 5 with t quadratic, margin 1, 0 at the margin;
 * (1 + t(angular velocity)) / 2 with t Gaussian, margin 5 rad/s; (1 + t(position)) / 2 with t Gaussian, margin 2 m ({@link Tolerance}).
 *
 * <h2>Starting state</h2>
 * The pole hangs: position N(0, 0.01^2), angle pi + N(0, 0.01^2), both velocities N(0, 0.01^2).
 *
 * <h2>End of episode</h2>
 * Truncated after 1000 control steps (10 s).
 *
 * <h2>Versions</h2>
 * dm_control 1.0.7; physics and reward have been the same since its first release.
 */
public final class CartpoleSwingup extends SuiteTask {

    private static final double SPREAD = 0.01;
    private static final double V = 0.1;

    private final long pole;

    CartpoleSwingup(Simulation simulation) {
        super(simulation);
        pole = 9L * simulation.id(Part.BODY, "pole_1");
    }

    @Override
    void draw(Pcg64 random) {
        put(simulation.qpos(), 0, SPREAD * random.standardNormal());
        put(simulation.qpos(), 1, Math.PI + SPREAD * random.standardNormal());
        put(simulation.qvel(), 0, SPREAD * random.standardNormal());
        put(simulation.qvel(), 1, SPREAD * random.standardNormal());
    }

    @Override
    int observations() {
        return 5;
    }

    @Override
    void observe(double[] target) {
        target[0] = at(simulation.qpos(), 0);
        target[1] = cosine();
        target[2] = at(simulation.xmat(), pole + 2);
        target[3] = at(simulation.qvel(), 0);
        target[4] = at(simulation.qvel(), 1);
    }

    @Override
    double reward() {
        double upright = (cosine() + 1) / 2;
        double control = (4 + Tolerance.quadratic(at(simulation.ctrl(), 0), 0, 0, 1, 0)) / 5;
        double speed = (1 + Tolerance.gaussian(at(simulation.qvel(), 1), 0, 0, 5, V)) / 2;
        double centre = (1 + Tolerance.gaussian(at(simulation.qpos(), 0), 0, 0, 2, V)) / 2;
        return upright * control * speed * centre;
    }

    private double cosine() {
        return at(simulation.xmat(), pole + 8);
    }
}
