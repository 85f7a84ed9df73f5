package worldmodels.env.control;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import java.lang.foreign.MemorySegment;
import worldmodels.env.mujoco.Simulation;
import worldmodels.random.Pcg64;

/** What makes a model a task: its start, its reward, what is observed of its state. The environment around it counts steps and draws. */
public abstract sealed class SuiteTask permits CartpoleSwingup, ReacherEasy, CheetahRun, FingerSpin, BallInCupCatch, WalkerWalk {

    private static final double[] NOTHING = {};

    /** The task's own. */
    final Simulation simulation;

    SuiteTask(Simulation simulation) {
        this.simulation = simulation;
    }

    /** Draws a start and writes it into the state (and the model, where the task does), whose coordinates and velocities are those of the model. */
    abstract void draw(Pcg64 random);

    /** Whether a drawn start may be used; else there is another draw. */
    boolean accepts() {
        return true;
    }

    /** What follows on the draw. */
    void settle() {}

    /** How many numbers the state observation has. */
    abstract int observations();

    /** Writes the state observation. */
    abstract void observe(double[] target);

    /** The reward of the control step that led here, in [0, 1]. */
    abstract double reward();

    /** What the start has written into the model. */
    double[] drawnModel() {
        return NOTHING;
    }

    /** Writes that again. */
    void restoreModel(double[] drawn) {}

    /** Element i of an array of MuJoCo's. */
    static double at(MemorySegment numbers, long i) {
        return numbers.getAtIndex(JAVA_DOUBLE, i);
    }

    static void put(MemorySegment numbers, long i, double value) {
        numbers.setAtIndex(JAVA_DOUBLE, i, value);
    }

    /** Copies a whole array to {@code target} from index {@code to} on. */
    static void copy(MemorySegment numbers, double[] target, int to) {
        MemorySegment.copy(numbers, JAVA_DOUBLE, 0, target, to, (int) (numbers.byteSize() / Double.BYTES));
    }

    /** Draws coordinate {@code coordinate} from its joint's range; joints have one coordinate each in these models. */
    void drawInRange(Pcg64 random, int coordinate) {
        MemorySegment ranges = simulation.jointRanges();
        put(simulation.qpos(), coordinate, random.uniform(at(ranges, 2L * coordinate), at(ranges, 2L * coordinate + 1)));
    }
}
