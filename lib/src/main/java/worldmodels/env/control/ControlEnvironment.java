package worldmodels.env.control;

import java.nio.ByteBuffer;
import java.util.Arrays;
import worldmodels.env.Environment;
import worldmodels.env.Space;
import worldmodels.env.Transition;
import worldmodels.env.mujoco.Renderer;
import worldmodels.env.mujoco.Simulation;
import worldmodels.env.mujoco.SimulationState;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

/**
 * A task of the Control Suite as an environment, one action per control step. {@link ControlTask} names the tasks, their classes describe
 * them. The same calls of MuJoCo in the same order as dm_control's make the same numbers, bit for bit where the processor's sine is
 * the same.
 *
 * <p>The picture is drawn in {@link #observe} only; the first one makes the drawing context. Episodes are truncated after
 * {@value #CONTROL_STEPS} control steps, whatever happens in them.
 *
 * @implNote An environment may be used from any thread, by one at a time; several do not influence each other. {@link #close} frees some 23 MB of
 *           MuJoCo's and, once a picture has been drawn, 40 MB of Mesa's.
 */
public final class ControlEnvironment implements Environment {

    /** Control steps of an episode. */
    public static final int CONTROL_STEPS = 1000;

    private static final int SIDE = 64;
    private static final Space PIXELS = Space.pixels(SIDE, SIDE);
    private static final int CAMERA = 0;

    private final ControlTask task;
    private final Space actionSpace;
    private final Space observationSpace;
    private final Simulation simulation;
    private final SuiteTask logic;
    private final double[] state;
    private Renderer renderer;
    private boolean started;
    private int steps;

    /** @param pictures null where there are none */
    private ControlEnvironment(ControlTask task, Pictures pictures) {
        this.task = task;
        simulation = task.simulation(pictures);
        logic = task.logic(simulation);
        state = new double[logic.observations()];
        double[] low = new double[simulation.nu()];
        double[] high = new double[simulation.nu()];
        Arrays.fill(low, -1);
        Arrays.fill(high, 1);
        actionSpace = Space.vector(low, high);
        observationSpace = pictures != null ? PIXELS : Space.vector(everywhere(-1), everywhere(1));
    }

    /** All numbers, to one side. */
    private double[] everywhere(int sign) {
        double[] bounds = new double[state.length];
        Arrays.fill(bounds, sign * Double.POSITIVE_INFINITY);
        return bounds;
    }

    /**
     * The task observed as 64 x 64 x 3 bytes RGB of its first camera.
     *
     * @throws KitException if MuJoCo is not on this machine; that a picture cannot be drawn shows in the first {@link #observe}
     */
    public static ControlEnvironment of(ControlTask task) {
        return of(task, Pictures.EXACT);
    }

    /** And with another choice of how it is drawn. */
    public static ControlEnvironment of(ControlTask task, Pictures pictures) {
        return new ControlEnvironment(task, pictures);
    }

    /**
     * The task observed as its state, float32 (see {@link #state}). It loads in milliseconds and cannot draw, which suits a planner that tries
     * actions out in the true dynamics.
     *
     * @throws KitException if MuJoCo is not on this machine
     */
    public static ControlEnvironment ofState(ControlTask task) {
        return new ControlEnvironment(task, null);
    }

    public ControlTask task() {
        return task;
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
    public void reset(long seed) {
        Pcg64 random = Pcg64.seeded(seed);
        start(() -> logic.draw(random));
    }

    /** Begins an episode with what {@code draw} writes into state and model. */
    void start(Runnable draw) {
        started = false;
        simulation.reset();
        simulation.forwardWithoutActuation();
        do {
            draw.run();
        } while (!logic.accepts());
        logic.settle();
        simulation.forwardWithoutActuation();
        steps = 0;
        started = true;
    }

    /**
     * One control step. Actions beyond [-1, 1] act like the nearer bound, only cartpole's reward sees them as they are. After the time limit
     * further steps are possible, each of them truncated.
     *
     * @throws KitException if the action has another length or is not finite, or the simulation diverges; then only a reset or restored
     *                      snapshot makes it usable
     */
    @Override
    public Transition step(double[] action) {
        refuseUnstarted("step");
        refuseBad(action);
        for (int i = 0; i < action.length; i++) {
            SuiteTask.put(simulation.ctrl(), i, action[i]);
        }
        started = false;
        simulation.advance(task.physicsSteps());
        started = true;
        steps++;
        return new Transition(logic.reward(), false, steps >= CONTROL_STEPS);
    }

    private void refuseBad(double[] action) {
        if (action.length != simulation.nu()) {
            throw new KitException("An action of " + task.id() + " has " + simulation.nu() + " values, this one has " + action.length + ".");
        }
        for (double value : action) {
            if (!Double.isFinite(value)) {
                throw new KitException("An action of " + task.id() + " must be finite, but this one is " + Arrays.toString(action)
                        + "; look for the first non-finite weight or observation of the agent that gave it.");
            }
        }
    }

    private void refuseUnstarted(String call) {
        if (!started) {
            throw new KitException("The environment " + task.id() + " has no episode (none was started, or its simulation diverged); call reset(seed) before "
                    + call + ".");
        }
    }

    @Override
    public void observe(ByteBuffer target) {
        refuseUnstarted("observe");
        if (observationSpace.type() == Space.Type.FLOAT32) {
            logic.observe(state);
            for (double number : state) {
                target.putFloat((float) number);
            }
            return;
        }
        if (renderer == null) {
            renderer = new Renderer(simulation, CAMERA, SIDE, SIDE);
        }
        renderer.draw(target);
    }

    /** The suite's own observation, whatever this environment's observation space is; the task's class says which numbers. */
    public double[] state() {
        refuseUnstarted("state");
        logic.observe(state);
        return state.clone();
    }

    /** Control steps since the reset. */
    public int steps() {
        return steps;
    }

    /** Where an episode is: all that its future depends on. */
    public record Snapshot(ControlTask task, SimulationState simulation, double[] model, int steps) {}

    /** The episode as it stands, to be continued here or in another environment of the same task, also of the other kind of observation. */
    public Snapshot snapshot() {
        refuseUnstarted("snapshot");
        return new Snapshot(task, simulation.save(), logic.drawnModel(), steps);
    }

    /**
     * Continues from a snapshot: the same actions give the same rewards and observations, bit for bit.
     *
     * @throws KitException if it is of another task
     */
    public void restore(Snapshot snapshot) {
        if (snapshot.task() != task) {
            throw new KitException("A snapshot of " + snapshot.task().id() + " cannot be continued in " + task.id() + ".");
        }
        logic.restoreModel(snapshot.model());
        simulation.restore(snapshot.simulation());
        steps = snapshot.steps();
        started = true;
    }

    /** MuJoCo's own numbers, for who measures the physics alone; what is written there is the episode's from then on. */
    public Simulation simulation() {
        return simulation;
    }

    SuiteTask logic() {
        return logic;
    }

    @Override
    public void close() {
        started = false;
        if (renderer != null) {
            renderer.close();
        }
        simulation.close();
    }
}
