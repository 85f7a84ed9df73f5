package worldmodels.env;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import worldmodels.run.KitException;

class ThreadedEnvironmentsTest {

    private static final int LANES = 7;

    @Test
    void stepsEachLaneAsIfItWereAlone() {
        for (int threads : new int[] {1, 2, 4}) {
            try (BatchedEnvironment batch = new ThreadedEnvironments(LANES, threads, () -> new TinyWorld(8, 50, 60))) {
                Buffers b = new Buffers(batch);
                batch.reset(b.all, b.seeds, b.observations);
                Environment[] alone = new Environment[LANES];
                for (int lane = 0; lane < LANES; lane++) {
                    alone[lane] = new TinyWorld(8, 50, 60);
                    alone[lane].reset(b.seeds[lane]);
                }
                for (int t = 0; t < 40; t++) {
                    Arrays.setAll(b.actions, i -> Math.sin(i));
                    batch.step(b.all, b.actions, b.rewards, b.terminated, b.truncated, b.observations);
                    for (int lane = 0; lane < LANES; lane++) {
                        Transition expected = alone[lane].step(Arrays.copyOfRange(b.actions, 3 * lane, 3 * lane + 3));
                        assertEquals(expected, new Transition(b.rewards[lane], b.terminated[lane], b.truncated[lane]));
                        ByteBuffer picture = ByteBuffer.allocate(8 * 8 * 3);
                        alone[lane].observe(picture);
                        assertEquals(picture.flip(), b.observations.slice(lane * 8 * 8 * 3, 8 * 8 * 3));
                    }
                }
            }
        }
    }

    @Test
    void leavesInactiveLanesAlone() {
        try (BatchedEnvironment batch = new ThreadedEnvironments(LANES, 2, () -> new TinyWorld(8, 50, 60))) {
            Buffers b = new Buffers(batch);
            batch.reset(b.all, b.seeds, b.observations);
            boolean[] some = {true, false, true, false, false, false, true};
            Arrays.fill(b.rewards, Double.NaN);
            ByteBuffer before = ByteBuffer.allocate(b.observations.capacity()).put(b.observations.duplicate()).flip();
            batch.step(some, b.actions, b.rewards, b.terminated, b.truncated, b.observations);
            for (int lane = 0; lane < LANES; lane++) {
                assertEquals(!some[lane], Double.isNaN(b.rewards[lane]));
                assertEquals(!some[lane], before.slice(lane * 192, 192).equals(b.observations.slice(lane * 192, 192)));
            }
        }
    }

    @Test
    void aFailingLaneReachesTheCallerAndTheOthersFinish() {
        try (BatchedEnvironment batch = new ThreadedEnvironments(LANES, 2, () -> new TinyWorld(8, 50, 60))) {
            Buffers b = new Buffers(batch);
            batch.reset(b.all, b.seeds, null);
            b.actions[3 * 2] = 102;
            b.actions[3 * 5] = 105;
            Arrays.fill(b.rewards, Double.NaN);
            KitException thrown = assertThrows(KitException.class,
                    () -> batch.step(b.all, b.actions, b.rewards, b.terminated, b.truncated, null));
            assertEquals("The tiny world refuses 102.0.", thrown.getMessage());
            assertEquals(2, Arrays.stream(b.rewards).filter(Double::isNaN).count());
            Arrays.fill(b.actions, 0);
            batch.step(b.all, b.actions, b.rewards, b.terminated, b.truncated, null);
            assertEquals(0, Arrays.stream(b.rewards).filter(Double::isNaN).count());
        }
    }

    @Test
    void anInterruptIsKeptForTheCaller() {
        try (BatchedEnvironment batch = new ThreadedEnvironments(64, 4, () -> new TinyWorld(64, 50, 60))) {
            Buffers b = new Buffers(batch);
            Thread.currentThread().interrupt();
            batch.reset(b.all, b.seeds, b.observations);
            batch.step(b.all, b.actions, b.rewards, b.terminated, b.truncated, b.observations);
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void refusesShortArraysAndBuffers() {
        try (BatchedEnvironment batch = new ThreadedEnvironments(LANES, 2, () -> new TinyWorld(8, 50, 60))) {
            Buffers b = new Buffers(batch);
            assertThrows(KitException.class, () -> batch.reset(b.all, new long[LANES - 1], null));
            assertThrows(KitException.class, () -> batch.reset(b.all, b.seeds, ByteBuffer.allocateDirect(100)));
            assertThrows(KitException.class, () -> batch.step(b.all, new double[LANES], b.rewards, b.terminated, b.truncated, null));
        }
    }

    @Test
    void closingEndsItsThreads() {
        int before = count();
        BatchedEnvironment batch = new ThreadedEnvironments(8, 5, () -> new TinyWorld(8, 50, 60));
        assertEquals(before + 4, count());
        batch.close();
        assertEquals(before, count());
    }

    private static int count() {
        return (int) Arrays.stream(ManagementFactory.getThreadMXBean().dumpAllThreads(false, false))
                .filter(thread -> thread.getThreadName().startsWith("environments-")).count();
    }

    private static final class Buffers {
        final boolean[] all;
        final long[] seeds;
        final double[] actions;
        final double[] rewards;
        final boolean[] terminated;
        final boolean[] truncated;
        final ByteBuffer observations;

        Buffers(BatchedEnvironment batch) {
            int lanes = batch.lanes();
            all = new boolean[lanes];
            Arrays.fill(all, true);
            seeds = new long[lanes];
            Arrays.setAll(seeds, i -> 100 + i);
            actions = new double[lanes * 3];
            rewards = new double[lanes];
            terminated = new boolean[lanes];
            truncated = new boolean[lanes];
            observations = batch.newObservations();
        }
    }
}
