package worldmodels.rl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Compute;
import worldmodels.run.KitException;

class ReplayBufferTest {

    private static final RunningNormalisation AS_THEY_ARE = new RunningNormalisation(2);

    private final NDManager manager = Compute.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    /** Transition n: every number tells n. */
    private static Moment moment(int n, boolean terminated) {
        return new Moment(new float[] {n, n + 0.25f}, new float[] {-n}, 10 * n, new float[] {n + 0.5f, n + 0.75f}, terminated);
    }

    private static ReplayBuffer holding(int from, int to) {
        ReplayBuffer replay = new ReplayBuffer(5, 2, 1, 64);
        for (int n = from; n < to; n++) {
            replay.add(moment(n, n % 2 == 1));
        }
        return replay;
    }

    private Set<Float> drawn(ReplayBuffer replay) {
        Set<Float> rewards = new TreeSet<>();
        for (float reward : replay.draw(manager, 0.5, AS_THEY_ARE, 3).rewards().toFloatArray()) {
            rewards.add(reward);
        }
        return rewards;
    }

    @Test
    void aBatchHasWhatWasAddedInItsPlaces() {
        Batch batch = holding(2, 4).draw(manager, 0.5, AS_THEY_ARE, 1);
        assertEquals(new Shape(64, 2), batch.observations().getShape());
        assertEquals(new Shape(64, 3), batch.pairs().getShape());
        assertEquals(new Shape(64, 1), batch.discounts().getShape());
        float[] observations = batch.observations().toFloatArray();
        float[] pairs = batch.pairs().toFloatArray();
        float[] next = batch.next().toFloatArray();
        float[] rewards = batch.rewards().toFloatArray();
        float[] discounts = batch.discounts().toFloatArray();
        for (int i = 0; i < 64; i++) {
            float n = observations[2 * i];
            assertTrue(n == 2 || n == 3);
            assertEquals(n + 0.25f, observations[2 * i + 1]);
            assertEquals(n, pairs[3 * i]);
            assertEquals(n + 0.25f, pairs[3 * i + 1]);
            assertEquals(-n, pairs[3 * i + 2]);
            assertEquals(10 * n, rewards[i]);
            assertEquals(n + 0.5f, next[2 * i]);
            assertEquals(n + 0.75f, next[2 * i + 1]);
            assertEquals(n == 3 ? 0 : 0.5f, discounts[i], "nothing follows where the task ended");
        }
    }

    @Test
    void theNewestTakeTheOldestOnesPlaces() {
        assertEquals(Set.of(0f, 10f, 20f), drawn(holding(0, 3)));
        assertEquals(5, holding(0, 12).size());
        assertEquals(Set.of(70f, 80f, 90f, 100f, 110f), drawn(holding(0, 12)));
    }

    @Test
    void aDrawDependsOnItsSeed() {
        ReplayBuffer replay = holding(0, 5);
        float[] one = replay.draw(manager, 0.5, AS_THEY_ARE, 1).rewards().toFloatArray();
        float[] other = replay.draw(manager, 0.5, AS_THEY_ARE, 2).rewards().toFloatArray();
        assertArrayEquals(one, replay.draw(manager, 0.5, AS_THEY_ARE, 1).rewards().toFloatArray());
        assertFalse(Arrays.equals(one, other));
    }

    @Test
    void observationsAreDrawnNormalised() {
        RunningNormalisation seen = new RunningNormalisation(2);
        seen.see(new float[] {0, 0});
        seen.see(new float[] {2, 4});
        float[] observations = holding(1, 2).draw(manager, 0.5, seen, 1).observations().toFloatArray();
        // Means 1 and 2, deviations 1 and 2.
        assertEquals(0, observations[0], 1e-6);
        assertEquals((1.25 - 2) / 2, observations[1], 1e-6);
    }

    @Test
    void goesOnFromACheckpoint(@TempDir Path folder) {
        ReplayBuffer replay = holding(0, 7);
        Checkpoint.Draft draft = new Checkpoint.Draft("replay");
        replay.save(draft);
        draft.write(folder.resolve("replay"));
        ReplayBuffer restored = holding(0, 0);
        restored.restore(Checkpoint.read(folder.resolve("replay")));
        replay.add(moment(7, false));
        restored.add(moment(7, false));
        assertArrayEquals(replay.draw(manager, 0.5, AS_THEY_ARE, 1).pairs().toFloatArray(), restored.draw(manager, 0.5, AS_THEY_ARE, 1).pairs().toFloatArray());
        assertEquals(Set.of(30f, 40f, 50f, 60f, 70f), drawn(restored));
    }

    @Test
    void refusesToBeLargerThanMemory() {
        String message = assertThrows(KitException.class, () -> new ReplayBuffer(Integer.MAX_VALUE, 12, 3, 256)).getMessage();
        assertTrue(message.matches("A replay of 2147483647 transitions of 29 numbers takes 237567 MiB .* here it may hold 1 to \\d+; choose .*"), message);
        assertThrows(KitException.class, () -> new ReplayBuffer(0, 12, 3, 256));
        assertEquals(4 * 7 * 5, holding(0, 0).bytes());
    }
}
