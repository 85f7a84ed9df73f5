package worldmodels.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.env.TinyWorld;
import worldmodels.run.Progress;

/**
 * A store of 10,000 episodes of 1000 frames (123 GB if they were all in memory) is recorded and drawn from in a JVM with 1 GiB of heap. Ten
 * episodes are real; the others are links to them.
 */
class TenThousandEpisodesTest {

    private static final int EPISODES = 10_000;
    private static final int REAL = 10;
    private static final int STEPS = 1000;
    private static final int BATCH = 100;

    @Test
    @Tag("slow")
    void streamThroughASmallHeap(@TempDir Path folder) throws Exception {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g",
                "-XX:MaxDirectMemorySize=64m", "-cp", classPath, TenThousandEpisodesTest.class.getName(), folder.toString())
                .redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), output);
        assertTrue(output.contains("windows"), output);
        System.out.print(output);
    }

    /** Draws frames of three and a half windows. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        recordAndLink(folder);
        EpisodeStore store = new EpisodeStore(folder);
        List<StoredEpisode> train = Split.of(store.episodes(), 500, 1).train();
        try (FrameBatches batches = new FrameBatches(store, train, BATCH, 1)) {
            if (batches.batchesPerEpoch() != 9_500 * STEPS / BATCH) {
                throw new AssertionError(batches.batchesPerEpoch() + " batches");
            }
            ByteBuffer batch = batches.newBatch();
            Set<ByteBuffer> distinct = new HashSet<>();
            long start = System.nanoTime();
            int count = (int) (7 * FrameBatches.WINDOW_BYTES / 2 / (64 * 64 * 3) / BATCH);
            for (int i = 0; i < count; i++) {
                batches.next(batch);
                if (i % 50 == 0) {
                    distinct.add(ByteBuffer.wrap(new byte[batch.limit()]).put(batch).flip());
                }
            }
            if (distinct.size() < count / 50) {
                throw new AssertionError("batches came twice");
            }
            System.out.printf("%d frames of 3.5 windows, %.0f per second, %d MiB of heap at most%n", count * BATCH,
                    count * BATCH * 1e9 / (System.nanoTime() - start), Runtime.getRuntime().maxMemory() >> 20);
        }
    }

    private static void recordAndLink(Path folder) throws IOException {
        try (BatchedEnvironment environments = new ThreadedEnvironments(REAL, 2, () -> new TinyWorld(64, STEPS, STEPS))) {
            new EpisodeStore(folder).record(new RolloutEngine(environments), Exploration.BROWNIAN.policy(environments.actionSpace(), REAL),
                    IntStream.range(0, REAL).mapToObj(i -> new EpisodeJob(0, i)).toList(), false, Progress.NONE);
        }
        // A list as earlier versions wrote it: without the checksums of its lines.
        List<String> lines = Files.readAllLines(folder.resolve("manifest.csv")).stream().map(line -> line.replaceFirst(",\\w+$", "")).toList();
        StringBuilder manifest = new StringBuilder(lines.getFirst()).append('\n');
        for (int i = 0; i < EPISODES; i++) {
            String original = EpisodeStore.fileName(i % REAL);
            if (i >= REAL) {
                Files.createLink(folder.resolve(EpisodeStore.fileName(i)), folder.resolve(original));
            }
            manifest.append(lines.get(1 + i % REAL).replace(original, EpisodeStore.fileName(i))).append('\n');
        }
        Files.writeString(folder.resolve("manifest.csv"), manifest);
    }
}
