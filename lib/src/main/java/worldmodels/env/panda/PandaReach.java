package worldmodels.env.panda;

import java.nio.ByteBuffer;
import java.util.Arrays;
import worldmodels.env.GoalEnvironment;
import worldmodels.env.Space;
import worldmodels.env.Transition;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

/**
 * panda-gym's PandaReach.
 *
 * <h2>Description</h2>
 * A Franka Panda, an arm of seven joints on a table, has to bring the point between its fingertips to a goal in the air. 25 steps are one
 * second, each of 20 steps of physics. The motors are as weak as the original's: the arm does not reach what an action asks for within the
 * action's step, and under full actions the torques of the first two joints decide where it goes. Hand and fingertips meet the table, the
 * other links do not.
 *
 * <h2>Action space</h2>
 * {@link PandaControl}: three numbers from -1 to 1 that move the tool by up to 5 cm along x, y, z (never below the table), or seven that
 * move the joints by up to 0.05 rad each. Numbers beyond are clipped. The gripper stays closed.
 *
 * <h2>Observation space</h2>
 * 12 numbers: the tool's position (x, y, z in m; the base stands at x = -0.6, the table's top is z = 0) and velocity (m/s), the achieved
 * goal, which is that position again, and the desired goal. As in the original the position is the one before the last step of physics, up
 * to 4 mm behind. Or a picture of the scene, side x side x 3 bytes RGB, in which the goal is a green ball.
 *
 * <h2>Reward</h2>
 * {@link PandaReward}: with the distance d between tool and goal in metres, rounded to 6 decimals, -1 if d is above 0.05 and else 0 (sparse), or
 * -d (dense). Success is d below 0.05.
 *
 * <h2>Starting state</h2>
 * The arm at rest in its neutral pose, the tool 20 cm above the table, pointing down. The goal is uniform in x and y from -0.15 to 0.15 m and
 * in z from 0 to 0.3 m.
 *
 * <h2>End of episode</h2>
 * Truncated after 50 steps. V3 terminates with success.
 *
 * <h2>Versions</h2>
 * See {@link PandaVersion}. Compared with recordings of panda-gym 3.0.8 on PyBullet 3.2.7.
 *
 * @implNote May be used from any thread, by one at a time. {@link #close} frees MuJoCo's memory and, once a picture has been drawn, Mesa's.
 */
public final class PandaReach implements GoalEnvironment {

    /** Steps of an episode. */
    public static final int STEPS = 50;
    /** Distance of success, metres. */
    public static final double NEAR = 0.05;
    /** Where goals are, metres. */
    public static final Space GOALS = Space.vector(new double[] {-0.15, -0.15, 0}, new double[] {0.15, 0.15, 0.3});

    private static final int JOINTS = Kinematics.JOINTS;
    private static final int PHYSICS_STEPS = 20;
    private static final float ACTION_SCALE = 0.05f;
    private static final double FARTHEST = 10;
    private static final double[] NEUTRAL = {0, 0.41, 0, -1.85, 0, 2.26, 0.79};
    private static final int COORDINATES = 3;
    private static final int NUMBERS = 12;

    private final PandaControl control;
    private final PandaReward reward;
    private final PandaVersion version;
    private final Space actionSpace;
    private final Space observationSpace;
    private final Arm arm;
    private final Kinematics tool;
    private final InverseKinematics inverse;
    /** Null where numbers are observed. */
    private final Picture picture;
    private final double[] wanted = new double[COORDINATES];
    private final double[] earlier = new double[JOINTS];
    private final double[] position = new double[COORDINATES];
    private final double[] velocity = new double[COORDINATES];
    private final double[] back = new double[4];
    private final double[] goal = new double[COORDINATES];
    private boolean started;
    private int steps;

    /**
     * The task observed as 12 numbers.
     *
     * @throws KitException if MuJoCo is not on this machine
     */
    public PandaReach(PandaControl control, PandaReward reward, PandaVersion version) {
        this(control, reward, version, 0);
    }

    private PandaReach(PandaControl control, PandaReward reward, PandaVersion version, int side) {
        this.control = control;
        this.reward = reward;
        this.version = version;
        actionSpace = control.space();
        observationSpace = side > 0 ? Space.pixels(side, side) : Space.vector(filled(NUMBERS, -FARTHEST), filled(NUMBERS, FARTHEST));
        arm = new Arm(side);
        tool = new Kinematics(arm.simulation);
        inverse = new InverseKinematics(tool);
        picture = side > 0 ? new Picture(arm.simulation, side) : null;
    }

    /**
     * The task observed as pictures.
     *
     * @param side of the picture in pixels, e.g. 64 or the original's 84
     * @throws KitException if the side is below 1, or MuJoCo is not on this machine; that a picture cannot be drawn shows in the first {@link #observe}
     */
    public static PandaReach withPictures(PandaControl control, PandaReward reward, PandaVersion version, int side) {
        if (side < 1) {
            throw new KitException("A picture of PandaReach cannot have a side of " + side + " pixels; choose for instance 64 or 84.");
        }
        return new PandaReach(control, reward, version, side);
    }

    private static double[] filled(int count, double value) {
        double[] numbers = new double[count];
        Arrays.fill(numbers, value);
        return numbers;
    }

    public PandaControl control() {
        return control;
    }

    public PandaVersion version() {
        return version;
    }

    @Override
    public Space observationSpace() {
        return observationSpace;
    }

    @Override
    public Space actionSpace() {
        return actionSpace;
    }

    @Override
    public Space goalSpace() {
        return GOALS;
    }

    @Override
    public void reset(long seed) {
        start(drawGoal(Pcg64.seeded(seed)));
    }

    /**
     * Starts an episode with a goal of the caller's.
     *
     * @param goal x, y, z in metres
     * @throws KitException if it is outside the {@link #goalSpace}
     */
    public void resetTo(double[] goal) {
        if (goal.length != COORDINATES) {
            throw new KitException("A goal of PandaReach has 3 values (x, y, z in metres), this one has " + goal.length + ".");
        }
        for (int i = 0; i < COORDINATES; i++) {
            if (!(goal[i] >= GOALS.low(i) && goal[i] <= GOALS.high(i))) {
                throw new KitException("The goal " + Arrays.toString(goal) + " is outside PandaReach's workspace; choose x and y from -0.15 to 0.15"
                        + " and z from 0 to 0.3 metres.");
            }
        }
        start(goal);
    }

    static double[] drawGoal(Pcg64 random) {
        double[] goal = new double[COORDINATES];
        for (int i = 0; i < COORDINATES; i++) {
            goal[i] = random.uniform(GOALS.low(i), GOALS.high(i));
        }
        return goal;
    }

    private void start(double[] goal) {
        System.arraycopy(goal, 0, this.goal, 0, COORDINATES);
        place(NEUTRAL, new double[JOINTS]);
        steps = 0;
        started = true;
    }

    /** Puts the arm somewhere within the episode. */
    void place(double[] angles, double[] velocities) {
        arm.place(angles, velocities);
        look();
    }

    /**
     * One step of 0.04 s. After the time limit or success further steps are possible.
     *
     * @throws KitException if the action has another length or is not finite, or the simulation diverges; then only a reset makes it usable
     */
    @Override
    public Transition step(double[] action) {
        refuseUnstarted("step");
        refuseBad(action);
        aim(action);
        started = false;
        arm.advance(PHYSICS_STEPS);
        started = true;
        look();
        steps++;
        double[] achieved = achievedGoal();
        boolean terminated = endsAtSuccess() && isSuccess(achieved, goal);
        return new Transition(reward(achieved, goal), terminated, steps >= STEPS);
    }

    /** Gives the motors their targets. */
    private void aim(double[] action) {
        System.arraycopy(arm.q, 0, arm.target, 0, JOINTS);
        if (control == PandaControl.JOINTS) {
            for (int i = 0; i < JOINTS; i++) {
                arm.target[i] += scaled(action[i]);
            }
            return;
        }
        for (int i = 0; i < COORDINATES; i++) {
            wanted[i] = position[i] + scaled(action[i]);
        }
        wanted[2] = Math.max(wanted[2], 0);
        inverse.solve(wanted, arm.target);
    }

    /** In float32, as the original's. */
    private static double scaled(double action) {
        return Math.clamp((float) action, -1f, 1f) * ACTION_SCALE;
    }

    /**
     * Takes up what is observed. The original reports its links' frames as they were when the last step of physics began, q - dt qd, and
     * turns the tool's velocity J(q) qd with them: R(q - dt qd) R(q)^T J(q) qd.
     */
    private void look() {
        tool.at(arm.q);
        Arrays.fill(wanted, 0);
        for (int i = 0; i < COORDINATES; i++) {
            for (int j = 0; j < JOINTS; j++) {
                wanted[i] += tool.jacobian[i][j] * arm.qd[j];
            }
        }
        System.arraycopy(tool.orientation, 0, back, 0, back.length);
        for (int j = 0; j < JOINTS; j++) {
            earlier[j] = arm.q[j] - Arm.TIME_STEP * arm.qd[j];
        }
        tool.place(earlier);
        System.arraycopy(tool.position, 0, position, 0, COORDINATES);
        Quaternion.divide(tool.orientation, back, back);
        Arrays.fill(velocity, 0);
        Quaternion.addRotated(back, wanted, velocity);
    }

    private void refuseBad(double[] action) {
        if (action.length != control.actions()) {
            throw new KitException("An action of PandaReach under " + control + " control has " + control.actions() + " values, this one has "
                    + action.length + ".");
        }
        for (double value : action) {
            if (!Double.isFinite(value)) {
                throw new KitException("An action of PandaReach must be finite, but this one is " + Arrays.toString(action)
                        + "; look for the first non-finite weight or observation of the agent that gave it.");
            }
        }
    }

    private void refuseUnstarted(String call) {
        if (!started) {
            throw new KitException("PandaReach has no episode (none was started, or its simulation diverged); call reset(seed) before " + call + ".");
        }
    }

    /** The tool's position in float32, as it is observed. */
    @Override
    public double[] achievedGoal() {
        refuseUnstarted("achievedGoal");
        return new double[] {(float) position[0], (float) position[1], (float) position[2]};
    }

    @Override
    public double[] desiredGoal() {
        refuseUnstarted("desiredGoal");
        return goal.clone();
    }

    @Override
    public double reward(double[] achieved, double[] desired) {
        return reward.of(distance(achieved, desired));
    }

    @Override
    public boolean isSuccess(double[] achieved, double[] desired) {
        return distance(achieved, desired) < NEAR;
    }

    @Override
    public boolean endsAtSuccess() {
        return version == PandaVersion.V3;
    }

    /** Metres, rounded to 6 decimals. */
    private static double distance(double[] a, double[] b) {
        double x = a[0] - b[0];
        double y = a[1] - b[1];
        double z = a[2] - b[2];
        return Math.rint(Math.sqrt(x * x + y * y + z * z) * 1e6) / 1e6;
    }

    @Override
    public void observe(ByteBuffer target) {
        refuseUnstarted("observe");
        if (picture != null) {
            picture.draw(goal, target);
            return;
        }
        put(position, target);
        put(velocity, target);
        put(position, target);
        put(goal, target);
    }

    private static void put(double[] numbers, ByteBuffer target) {
        for (double number : numbers) {
            target.putFloat((float) number);
        }
    }

    /** Angles of the seven joints, rad. */
    public double[] jointAngles() {
        return Arrays.copyOf(arm.q, JOINTS);
    }

    /** The tool's position as it is observed, metres, before it is rounded to float32. */
    double[] position() {
        return position.clone();
    }

    double[] velocity() {
        return velocity.clone();
    }

    Arm arm() {
        return arm;
    }

    @Override
    public void close() {
        started = false;
        if (picture != null) {
            picture.close();
        }
        arm.close();
    }
}
