package worldmodels.benchmarks;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.Locale;
import worldmodels.env.control.ControlEnvironment;
import worldmodels.env.control.ControlTask;
import worldmodels.env.mujoco.Simulation;

/**
 * Control steps per second of this thread's processor time, which other work on the machine disturbs least: of the physics alone, as
 * {@code src/main/c/control_steps.c} does them, of the environment with checks, reward and time limit, and of that with a picture after each step. Argument: a task. Prints
 * the three rates, each measured for half a second, for each byte on standard input; {@code src/main/python/control_rates.py} runs it.
 */
public final class ControlRates {

    private static final int BATCH = 100;
    private static final long MEASURED = 500_000_000;
    private static final int EPISODE = ControlEnvironment.CONTROL_STEPS;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final ControlTask task;
    private final ControlEnvironment environment;
    private final ControlEnvironment drawn;
    private final ByteBuffer frame = ByteBuffer.allocateDirect(64 * 64 * 3);
    private final double[][] actions;
    private final ControlEnvironment.Snapshot start;
    private int step;

    private ControlRates(ControlTask task) {
        this.task = task;
        environment = ControlEnvironment.ofState(task);
        drawn = ControlEnvironment.of(task);
        actions = actions(task);
        environment.reset(0);
        // Both begin where the C program does, at the model's own pose, since contacts decide what a step costs.
        environment.simulation().reset();
        environment.simulation().forward();
        start = environment.snapshot();
    }

    public static void main(String[] arguments) throws IOException {
        ControlRates rates = new ControlRates(ControlTask.valueOf(arguments[0].toUpperCase(Locale.ROOT)));
        while (System.in.read() != -1) {
            System.out.printf(Locale.ROOT, "%.0f %.0f %.0f%n", rates.rate(BATCH, rates::advance), rates.rate(BATCH, rates::play), rates.rate(1, rates::draw));
        }
    }

    /** One episode's actions, different for each actuator. */
    static double[][] actions(ControlTask task) {
        double[][] actions = new double[EPISODE][task.actions()];
        for (int k = 0; k < EPISODE; k++) {
            for (int i = 0; i < task.actions(); i++) {
                actions[k][i] = Math.sin(0.1 * k + i);
            }
        }
        return actions;
    }

    private double rate(int size, Runnable batch) {
        step = 0;
        int steps = 0;
        long begun = THREADS.getCurrentThreadCpuTime();
        long passed = 0;
        while (passed < MEASURED) {
            batch.run();
            steps += size;
            passed = THREADS.getCurrentThreadCpuTime() - begun;
        }
        return steps / (passed / 1e9);
    }

    private void advance() {
        Simulation simulation = environment.simulation();
        MemorySegment ctrl = simulation.ctrl();
        for (int i = 0; i < BATCH; i++, step++) {
            if (step % EPISODE == 0) {
                simulation.reset();
                simulation.forward();
            }
            MemorySegment.copy(actions[step % EPISODE], 0, ctrl, JAVA_DOUBLE, 0, task.actions());
            simulation.advance(task.physicsSteps());
        }
    }

    private void play() {
        for (int i = 0; i < BATCH; i++, step++) {
            if (step % EPISODE == 0) {
                environment.restore(start);
            }
            environment.step(actions[step % EPISODE]);
        }
    }

    private void draw() {
        if (step % EPISODE == 0) {
            drawn.restore(start);
        }
        drawn.step(actions[step++ % EPISODE]);
        drawn.observe(frame.clear());
    }
}
