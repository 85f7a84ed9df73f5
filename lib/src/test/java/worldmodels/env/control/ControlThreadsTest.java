package worldmodels.env.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.Environment;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.env.mujoco.OffscreenGl;

/** Environments on several threads step and draw side by side, each as if it were alone; an environment may move from thread to thread. */
class ControlThreadsTest {

    private static final int STEPS = 12;
    private static final int LANES = 3;

    @BeforeAll
    static void needsDrawing() {
        assumeTrue(OffscreenGl.problem() == null, OffscreenGl.problem());
    }

    @Test
    void lanesOnTwoThreadsDrawWhatEachDrawsAlone() {
        long[] alone = new long[LANES];
        for (int lane = 0; lane < LANES; lane++) {
            try (ControlEnvironment environment = ControlEnvironment.of(ControlTask.CHEETAH_RUN)) {
                environment.reset(lane);
                CRC32 sum = new CRC32();
                for (int i = 0; i < STEPS; i++) {
                    environment.step(action(lane, i));
                    ByteBuffer frame = ByteBuffer.allocate(environment.observationSpace().bytes());
                    environment.observe(frame);
                    sum.update(frame.array());
                }
                alone[lane] = sum.getValue();
            }
        }
        assertEquals(Arrays.toString(alone), Arrays.toString(together()));
    }

    /** Lanes go to whichever thread is free, so each is drawn by both. */
    private static long[] together() {
        boolean[] all = new boolean[LANES];
        Arrays.fill(all, true);
        CRC32[] sums = new CRC32[LANES];
        Arrays.setAll(sums, lane -> new CRC32());
        try (BatchedEnvironment batch = new ThreadedEnvironments(LANES, 2, () -> (Environment) ControlEnvironment.of(ControlTask.CHEETAH_RUN))) {
            ByteBuffer frames = batch.newObservations();
            batch.reset(all, new long[] {0, 1, 2}, frames);
            double[] actions = new double[6 * LANES];
            for (int i = 0; i < STEPS; i++) {
                for (int lane = 0; lane < LANES; lane++) {
                    System.arraycopy(action(lane, i), 0, actions, 6 * lane, 6);
                }
                batch.step(all, actions, new double[LANES], new boolean[LANES], new boolean[LANES], frames);
                for (int lane = 0; lane < LANES; lane++) {
                    int bytes = batch.observationSpace().bytes();
                    sums[lane].update(frames.slice(lane * bytes, bytes));
                }
            }
        }
        return Arrays.stream(sums).mapToLong(CRC32::getValue).toArray();
    }

    private static double[] action(int lane, int step) {
        double[] action = new double[6];
        Arrays.setAll(action, k -> Math.sin(lane + 0.7 * step + k));
        return action;
    }
}
