package worldmodels.env.control;

import worldmodels.env.mujoco.Simulation;
import worldmodels.env.mujoco.Simulation.Part;
import worldmodels.random.Pcg64;

/**
 * Reacher easy.
 *
 * <h2>Description</h2>
 * An arm of two links (0.24 m) on a table, seen from above, has to hold its tip inside a disc. 50 control steps are one second.
 *
 * <h2>Action space</h2>
 * Two numbers from -1 to 1: the torques at shoulder and wrist in units of 0.05 N m.
 *
 * <h2>Observation space</h2>
 * 64 x 64 x 3 bytes RGB from above, or 6 numbers: the angles of shoulder and wrist (rad), the target's position minus the tip's (x, y in m),
 * the two angular velocities (rad/s).
 *
 * <h2>Reward</h2>
 * 1 while the tip's centre is within 0.06 m of the target's (the sum of their radii, 0.01 and 0.05 m), else 0.
 *
 * <h2>Starting state</h2>
 * Shoulder uniform in [-pi, pi], wrist uniform in its range of 160 degrees to either side, at rest. The target lies at a uniform angle
 * and a uniform distance in [0.05, 0.20] m from the shoulder.
 *
 * <h2>End of episode</h2>
 * Truncated after 1000 control steps (20 s).
 *
 * <h2>Versions</h2>
 * dm_control 1.0.7; physics and reward have been the same since its first release.
 */
public final class ReacherEasy extends SuiteTask {

    private static final double REACH = 0.05 + 0.01;
    private static final double NEAREST = 0.05;
    private static final double FARTHEST = 0.20;

    private final long finger;
    private final long target;

    ReacherEasy(Simulation simulation) {
        super(simulation);
        finger = 3L * simulation.id(Part.GEOM, "finger");
        target = 3L * simulation.id(Part.GEOM, "target");
    }

    @Override
    void draw(Pcg64 random) {
        put(simulation.qpos(), 0, random.uniform(-Math.PI, Math.PI));
        drawInRange(random, 1);
        double angle = random.uniform(0, 2 * Math.PI);
        double radius = random.uniform(NEAREST, FARTHEST);
        restoreModel(new double[] {radius * Math.sin(angle), radius * Math.cos(angle)});
    }

    /** The target's x and y, metres. */
    @Override
    double[] drawnModel() {
        return new double[] {at(simulation.geomPos(), target), at(simulation.geomPos(), target + 1)};
    }

    @Override
    void restoreModel(double[] drawn) {
        put(simulation.geomPos(), target, drawn[0]);
        put(simulation.geomPos(), target + 1, drawn[1]);
    }

    @Override
    int observations() {
        return 6;
    }

    @Override
    void observe(double[] numbers) {
        copy(simulation.qpos(), numbers, 0);
        numbers[2] = toTarget(0);
        numbers[3] = toTarget(1);
        copy(simulation.qvel(), numbers, 4);
    }

    @Override
    double reward() {
        double x = toTarget(0);
        double y = toTarget(1);
        return Math.sqrt(x * x + y * y) <= REACH ? 1 : 0;
    }

    private double toTarget(int axis) {
        return at(simulation.geomXpos(), target + axis) - at(simulation.geomXpos(), finger + axis);
    }
}
