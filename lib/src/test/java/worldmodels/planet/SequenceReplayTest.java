package worldmodels.planet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeStore;
import worldmodels.data.RolloutEngine;
import worldmodels.data.WhiteNoise;
import worldmodels.env.ActionScale;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.Space;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.run.KitException;
import worldmodels.run.Progress;

class SequenceReplayTest {

    private static final int LENGTH = 7;
    private static final int BATCH = 64;

    @TempDir
    Path folder;

    @Test
    void actionsAndRewardsBelongToTheFrameTheyLedTo() {
        try (SequenceReplay replay = replay(4, record(3))) {
            SequenceBatch batch = replay.draw(5);
            for (int b = 0; b < BATCH; b++) {
                assertEquals(0, batch.actions()[b], "nothing led to a chunk's first frame");
                for (int t = 1; t < 4; t++) {
                    int row = t * BATCH + b;
                    double x = position(batch.frames(), row);
                    assertEquals(MovingDot.next(position(batch.frames(), row - BATCH), batch.actions()[row]), x, 0.05);
                    assertEquals(MovingDot.reward(x), batch.rewards()[row], 0.03);
                }
            }
        }
    }

    @Test
    void allChunksAreEquallyLikely() {
        try (SequenceReplay replay = replay(4, record(2))) {
            // Two episodes of 7 steps hold 4 chunks of 4 each; a first frame tells which it is.
            int draws = 60;
            Map<Integer, Integer> counts = new HashMap<>();
            for (int i = 0; i < draws; i++) {
                SequenceBatch batch = replay.draw(i);
                for (int b = 0; b < BATCH; b++) {
                    counts.merge(Arrays.hashCode(new double[] {position(batch.frames(), b), batch.rewards()[BATCH + b], batch.actions()[BATCH + b]}), 1,
                            Integer::sum);
                }
            }
            assertEquals(8, counts.size());
            counts.values().forEach(count -> assertEquals(draws * BATCH / 8, count, 120));
        }
    }

    @Test
    void drawsDependOnSeedAndEpisodesAlone() {
        EpisodeStore store = record(3);
        float[] once;
        try (SequenceReplay replay = replay(4, store)) {
            replay.draw(1);
            once = replay.draw(2).rewards();
        }
        assertFalse(Files.exists(folder.resolve("plain.pixels")), "the plain pixels are gone");
        try (SequenceReplay replay = replay(4, store)) {
            assertArrayEquals(once, replay.draw(2).rewards());
            assertFalse(Arrays.equals(once, replay.draw(3).rewards()));
        }
    }

    @Test
    void refusesEpisodesShorterThanAChunk() {
        EpisodeStore store = record(1);
        assertTrue(assertThrows(KitException.class, () -> replay(8, store)).getMessage().contains("7 steps, fewer than the chunks of 8"));
    }

    @Test
    void scalesActionsToTheirBounds() {
        ActionScale scale = new ActionScale(Space.vector(new double[] {-2, 0}, new double[] {2, 1}));
        assertEquals(-2, scale.toEnvironment(0, -1));
        assertEquals(0.75, scale.toEnvironment(1, 0.5));
        assertEquals(0.5, scale.toUnit(1, 0.75));
    }

    private EpisodeStore record(int episodes) {
        EpisodeStore store = new EpisodeStore(folder.resolve("episodes"));
        try (BatchedEnvironment dots = new ThreadedEnvironments(1, 1, () -> new MovingDot(LENGTH))) {
            List<EpisodeJob> jobs = IntStream.range(0, episodes).mapToObj(i -> new EpisodeJob(0, 20 + i)).toList();
            store.record(new RolloutEngine(dots), new WhiteNoise(dots.actionSpace(), 1), jobs, false, Progress.NONE);
        }
        return store;
    }

    private SequenceReplay replay(int chunk, EpisodeStore store) {
        SequenceReplay replay = new SequenceReplay(store, new ActionScale(new MovingDot(1).actionSpace()), BATCH, chunk, folder.resolve("plain.pixels"));
        try {
            store.episodes().forEach(replay::add);
        } catch (KitException e) {
            replay.close();
            throw e;
        }
        return replay;
    }

    /** Of the dot, from the pixels. */
    private static double position(ByteBuffer frames, int row) {
        int line = row * SequenceReplay.FRAME + 30 * 64 * 3;
        for (int left = 0; left < 64; left++) {
            if (frames.get(line + 3 * left) != 0) {
                return left / 52.0 * 2 - 1;
            }
        }
        throw new AssertionError("there is no dot");
    }
}
