package worldmodels.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.run.KitException;
import worldmodels.run.Progress;

class FrameBatchesTest {

    private static final int EPISODES = 30;
    private static final int BATCH = 10;
    private static final long EVERYTHING = 1 << 20;
    private static final long FIVE_EPISODES = 5 * 26 * NumberedWorld.BYTES;
    private static final long ONE_EPISODE = 1;

    @TempDir
    private static Path folder;
    private static EpisodeStore store;
    private static List<StoredEpisode> episodes;

    static EpisodeStore recordNumbered(Path folder, int count) {
        EpisodeStore store = new EpisodeStore(folder);
        try (BatchedEnvironment environments = new ThreadedEnvironments(8, 2, NumberedWorld::new)) {
            store.record(new RolloutEngine(environments), Exploration.WHITE_NOISE.policy(environments.actionSpace(), 8),
                    IntStream.range(0, count).mapToObj(i -> new EpisodeJob(0, i)).toList(), false, Progress.NONE);
        }
        return store;
    }

    @BeforeAll
    static void record() {
        store = recordNumbered(folder, EPISODES);
        episodes = store.episodes();
    }

    /** Frames of some batches as episode * 1000 + step. */
    private static List<Integer> draw(FrameBatches batches, int count) {
        List<Integer> drawn = new ArrayList<>();
        ByteBuffer batch = batches.newBatch();
        for (int i = 0; i < count; i++) {
            batches.next(batch);
            assertEquals(BATCH * NumberedWorld.BYTES, batch.remaining());
            for (int at = 0; at < batch.limit(); at += NumberedWorld.BYTES) {
                drawn.add(1000 * batch.get(at) + batch.get(at + 1));
            }
        }
        return drawn;
    }

    @ParameterizedTest
    @ValueSource(longs = {EVERYTHING, FIVE_EPISODES, ONE_EPISODE})
    void anEpochDrawsEachFrameAtMostOnceAndLeavesOutLessThanABatch(long window) {
        try (FrameBatches batches = new FrameBatches(store, episodes, BATCH, 3, window)) {
            int all = episodes.stream().mapToInt(StoredEpisode::length).sum();
            assertEquals(all / BATCH, batches.batchesPerEpoch());
            assertTrue(all % BATCH > 0);
            List<Integer> first = draw(batches, batches.batchesPerEpoch());
            List<Integer> second = draw(batches, batches.batchesPerEpoch());
            for (List<Integer> epoch : List.of(first, second)) {
                Set<Integer> distinct = new HashSet<>(epoch);
                assertEquals(epoch.size(), distinct.size());
                for (int frame : distinct) {
                    assertTrue(frame % 1000 < NumberedWorld.length(frame / 1000));
                }
            }
            assertNotEquals(first, second);
            assertNotEquals(first.subList(0, 100), first.stream().sorted().limit(100).toList());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {EVERYTHING, FIVE_EPISODES, ONE_EPISODE})
    void anyBatchIsFoundAgain(long window) {
        try (FrameBatches whole = new FrameBatches(store, episodes, BATCH, 3, window);
                FrameBatches again = new FrameBatches(store, episodes, BATCH, 3, window)) {
            int perEpoch = whole.batchesPerEpoch();
            List<Integer> three = draw(whole, 3 * perEpoch);
            for (int from : new int[] {perEpoch + 5, 0, 7, 3 * perEpoch - 4, perEpoch, perEpoch - 1, 6, 2 * perEpoch + 31}) {
                again.fill(from, again.newBatch());
                again.seek(from);
                assertEquals(three.subList(from * BATCH, (from + 4) * BATCH > three.size() ? three.size() : (from + 4) * BATCH),
                        draw(again, Math.min(4, 3 * perEpoch - from)));
                assertEquals(Math.min(from + 4, 3 * perEpoch), again.position());
            }
        }
    }

    @Test
    void anotherSeedGivesAnotherOrder() {
        try (FrameBatches one = new FrameBatches(store, episodes, BATCH, 3);
                FrameBatches other = new FrameBatches(store, episodes, BATCH, 4)) {
            assertNotEquals(draw(one, 5), draw(other, 5));
        }
    }

    @Test
    void aBatchMixesTheEpisodesOfItsWindow() {
        try (FrameBatches batches = new FrameBatches(store, episodes, BATCH, 3, FIVE_EPISODES)) {
            double distinct = IntStream.range(0, batches.batchesPerEpoch())
                    .mapToLong(i -> draw(batches, 1).stream().map(frame -> frame / 1000).distinct().count()).average().orElseThrow();
            // Ten draws from five or six episodes meet about 4.6 of them.
            assertTrue(distinct > 3.8, "episodes per batch: " + distinct);
        }
    }

    @Test
    void namesADamagedEpisodeAndContinuesOnceItIsMended(@TempDir Path other) throws IOException {
        EpisodeStore damaged = recordNumbered(other, 12);
        List<StoredEpisode> all = damaged.episodes();
        Path file = other.resolve(all.get(7).file());
        byte[] bytes = Files.readAllBytes(file);
        List<Integer> expected;
        try (FrameBatches batches = new FrameBatches(damaged, all, BATCH, 1, ONE_EPISODE)) {
            expected = draw(batches, batches.batchesPerEpoch());
        }
        Files.write(file, new byte[100]);
        try (FrameBatches batches = new FrameBatches(damaged, all, BATCH, 1, ONE_EPISODE)) {
            List<Integer> drawn = new ArrayList<>();
            KitException thrown = assertThrows(KitException.class, () -> {
                while (true) {
                    drawn.addAll(draw(batches, 1));
                }
            });
            assertTrue(thrown.getMessage().contains(all.get(7).file()) && thrown.getMessage().contains("regenerate"), thrown.getMessage());
            Files.write(file, bytes);
            drawn.addAll(draw(batches, batches.batchesPerEpoch() - (int) batches.position()));
            assertEquals(expected, drawn);
        }
    }

    @Test
    void refusesLessThanOneBatch() {
        assertThrows(KitException.class, () -> new FrameBatches(store, episodes.subList(0, 1), 100, 3));
        try (FrameBatches batches = new FrameBatches(store, episodes, BATCH, 3)) {
            assertThrows(KitException.class, () -> batches.next(ByteBuffer.allocateDirect(7)));
        }
    }

    @Test
    void theSplitIsByWholeEpisodesAndAlwaysTheSame() {
        Split<StoredEpisode> split = Split.of(episodes, 6, 11);
        assertEquals(6, split.validation().size());
        Set<StoredEpisode> union = new HashSet<>(split.train());
        union.addAll(split.validation());
        assertEquals(new HashSet<>(episodes), union);
        assertEquals(split, Split.of(episodes, 6, 11));
        assertNotEquals(split, Split.of(episodes, 6, 12));
        assertEquals(List.of(), Split.of(episodes, 0, 11).validation());
        assertThrows(KitException.class, () -> Split.of(episodes, EPISODES, 11));
    }
}
