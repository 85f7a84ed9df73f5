package worldmodels.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.Space;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.env.TinyWorld;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;
import worldmodels.run.WholeFile;

class EpisodeStoreTest {

    private static final List<EpisodeJob> JOBS = IntStream.range(0, 12).mapToObj(i -> new EpisodeJob(0, 50 + i)).toList();

    @TempDir
    private Path folder;

    private static List<StoredEpisode> record(Path folder, int lanes, boolean regenerate, StepListener watcher) {
        try (BatchedEnvironment environments = new ThreadedEnvironments(lanes, 2, () -> new TinyWorld(16, 5, 40))) {
            Policy policy = Exploration.BROWNIAN.policy(environments.actionSpace(), lanes);
            return new EpisodeStore(folder).record(new RolloutEngine(environments), policy, JOBS, watcher, regenerate, Progress.NONE);
        }
    }

    private static Map<String, String> checksums(Path folder) throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(file -> all.put(file.getFileName().toString(), WholeFile.sha256(file)));
        }
        return all;
    }

    @Test
    void theSameSeedsGiveTheSameFilesWhateverTheLanes() throws IOException {
        List<StoredEpisode> episodes = record(folder.resolve("a"), 1, false, StepListener.NONE);
        record(folder.resolve("b"), 5, false, StepListener.NONE);
        assertEquals(checksums(folder.resolve("a")), checksums(folder.resolve("b")));
        assertEquals(13, checksums(folder.resolve("a")).size());
        assertEquals(episodes, new EpisodeStore(folder.resolve("a")).episodes());
        for (int i = 0; i < JOBS.size(); i++) {
            assertEquals(JOBS.get(i), episodes.get(i).result().job());
            assertTrue(episodes.get(i).terminated() && !episodes.get(i).result().truncated());
            assertEquals(WholeFile.sha256(folder.resolve("a").resolve(episodes.get(i).file())), episodes.get(i).sha256());
        }
    }

    @Test
    void aStoreThatComesAfterAnotherCountsOnAndReadsBoth() {
        List<StoredEpisode> earlier = record(folder.resolve("a"), 4, false, StepListener.NONE);
        EpisodeStore both = new EpisodeStore(folder.resolve("b"), new EpisodeStore(folder.resolve("a")));
        List<EpisodeJob> more = List.of(new EpisodeJob(0, 901), new EpisodeJob(0, 902));
        try (BatchedEnvironment environments = new ThreadedEnvironments(2, 1, () -> new TinyWorld(16, 5, 40))) {
            Policy policy = Exploration.BROWNIAN.policy(environments.actionSpace(), 2);
            RolloutEngine engine = new RolloutEngine(environments);
            List<StoredEpisode> own = both.record(engine, policy, more, false, Progress.NONE);
            assertEquals(List.of(EpisodeStore.fileName(JOBS.size()), EpisodeStore.fileName(JOBS.size() + 1)),
                    own.stream().map(StoredEpisode::file).toList());
            assertEquals(own, both.record(engine, policy, more, false, Progress.NONE), "recorded once");
            assertEquals(own, both.own());
        }
        EpisodeStore again = new EpisodeStore(folder.resolve("b"), new EpisodeStore(folder.resolve("a")));
        assertEquals(JOBS.size() + 2, again.episodes().size());
        assertEquals(earlier, again.episodes().subList(0, JOBS.size()));
        assertEquals(List.of(), again.verify(Progress.NONE));
        for (StoredEpisode episode : again.episodes()) {
            assertEquals(episode.length(), again.read(episode).length());
        }
    }

    private static Policy still() {
        return new Policy() {
            @Override
            public void start(int lane, EpisodeJob job) {}

            @Override
            public void act(ByteBuffer observations, boolean[] active, double[] actions) {
                Arrays.fill(actions, 0);
            }
        };
    }

    @Test
    void everySecondEpisodeHasNoiseThatStaysInBoundsAndBelongsToIt() {
        Space space = Space.vector(new double[] {-1, 0}, new double[] {1, 1});
        double[][] drawn = new double[2][];
        for (int time = 0; time < 2; time++) {
            NoisyActions noisy = new NoisyActions(still(), space, 0.5, 1, 1, 2);
            noisy.start(0, new EpisodeJob(0, 5));
            noisy.start(1, new EpisodeJob(0, 2 * time));
            double[] actions = new double[4];
            double[] steering = new double[300];
            for (int t = 0; t < steering.length; t++) {
                noisy.act(null, new boolean[] {true, true}, actions);
                steering[t] = actions[0];
                assertTrue(Math.abs(actions[0]) <= 1 && actions[1] >= 0 && actions[1] <= 1);
                assertArrayEquals(new double[2], Arrays.copyOfRange(actions, 2, 4), "an episode of an even seed has none");
            }
            assertTrue(Arrays.stream(steering).map(Math::abs).average().orElseThrow() > 0.3);
            drawn[time] = steering;
        }
        assertArrayEquals(drawn[0], drawn[1]);
    }

    @Test
    void aDrawOfTheNoiseIsHeld() {
        Space space = Space.vector(new double[] {-1}, new double[] {1});
        NoisyActions noisy = new NoisyActions(still(), space, 0.1, 4, 1, 1);
        noisy.start(0, new EpisodeJob(0, 5));
        double[] action = new double[1];
        double last = 0;
        for (int t = 0; t < 40; t++) {
            noisy.act(null, new boolean[] {true}, action);
            assertEquals(t % 4 != 0, action[0] == last, "step " + t);
            last = action[0];
        }
    }

    @Test
    void noiseComesInBurstsOfTheShareThatIsAskedFor() {
        Space space = Space.vector(new double[] {-1, -1}, new double[] {1, 1});
        NoisyActions noisy = new NoisyActions(still(), space, 0.1, 10, 0.25, 1);
        noisy.start(0, new EpisodeJob(0, 5));
        double[] action = new double[2];
        int shaken = 0;
        for (int t = 0; t < 4000; t++) {
            noisy.act(null, new boolean[] {true}, action);
            assertEquals(action[0] == 0, action[1] == 0, "both or neither, step " + t);
            shaken += action[0] == 0 ? 0 : 1;
        }
        // Four standard deviations of 400 draws at 0.25.
        assertEquals(1000, shaken, 4 * 10 * Math.sqrt(400 * 0.25 * 0.75));
    }

    @Test
    void readsBackWhatHappened() {
        List<List<Object>> seen = new ArrayList<>();
        JOBS.forEach(job -> seen.add(new ArrayList<>()));
        List<StoredEpisode> episodes = record(folder, 4, false, step -> {
            byte[] picture = new byte[16 * 16 * 3];
            step.observation().get(0, picture);
            seen.get(step.jobNumber()).addAll(List.of(picture, (float) step.action()[1], (float) step.reward(), step.ended()));
        });
        EpisodeStore store = new EpisodeStore(folder);
        for (int i = 0; i < episodes.size(); i++) {
            Episode episode = store.read(episodes.get(i));
            assertEquals(episodes.get(i).length(), episode.length());
            assertEquals(seen.get(i).size(), 4 * episode.length());
            assertArrayEquals(new int[] {16, 16, 3}, episode.observationShape());
            double sum = 0;
            for (int t = 0; t < episode.length(); t++) {
                assertArrayEquals((byte[]) seen.get(i).get(4 * t), episode.observation(t));
                assertEquals(seen.get(i).get(4 * t + 1), episode.actions()[3 * t + 1]);
                assertEquals(seen.get(i).get(4 * t + 2), episode.rewards()[t]);
                assertEquals(t == episode.length() - 1, episode.done()[t]);
                sum += episode.rewards()[t];
            }
            assertEquals(episodes.get(i).episodeReturn(), sum, 1e-4);
        }
    }

    @Test
    void continuesAfterAnInterruptionAndEndsTheSame() throws IOException {
        record(folder.resolve("whole"), 3, false, StepListener.NONE);
        Path broken = folder.resolve("broken");
        Thread me = Thread.currentThread();
        AtomicInteger ended = new AtomicInteger();
        assertThrows(StoppedException.class, () -> record(broken, 3, false, step -> {
            if (step.ended() && ended.incrementAndGet() == 5) {
                me.interrupt();
            }
        }));
        int kept = new EpisodeStore(broken).episodes().size();
        assertTrue(kept >= 5 && kept < 12, kept + " episodes kept");
        // A process killed while it added a line, and while it wrote a file.
        Files.writeString(broken.resolve("manifest.csv"), "episode-000011.npz,61,0,2", StandardOpenOption.APPEND);
        Files.writeString(broken.resolve("episode-000011.npz"), "PK");
        AtomicInteger played = new AtomicInteger();
        record(broken, 2, false, step -> played.addAndGet(step.ended() ? 1 : 0));
        assertEquals(12 - kept, played.get());
        assertEquals(checksums(folder.resolve("whole")), checksums(broken));
    }

    @Test
    void continuesAfterTheProcessWasKilled() throws Exception {
        record(folder.resolve("whole"), 3, false, StepListener.NONE);
        Path killed = folder.resolve("killed");
        Path manifest = killed.resolve("manifest.csv");
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath,
                EpisodeStoreTest.class.getName(), killed.toString()).inheritIO().start();
        while (process.isAlive() && !(Files.exists(manifest) && Files.readAllLines(manifest).size() > 3)) {
            Thread.sleep(5);
        }
        assertTrue(process.isAlive(), "it ended by itself");
        process.destroyForcibly().waitFor();
        int kept = new EpisodeStore(killed).episodes().size();
        assertTrue(kept >= 3 && kept < 12, kept + " episodes kept");
        Files.writeString(killed.resolve(".episode-000011.npz.1-1.part"), "PK");
        AtomicInteger played = new AtomicInteger();
        record(killed, 2, false, step -> played.addAndGet(step.ended() ? 1 : 0));
        assertEquals(12 - kept, played.get());
        assertEquals(checksums(folder.resolve("whole")), checksums(killed));
    }

    /** Records slowly, to be killed. */
    public static void main(String[] arguments) {
        record(Path.of(arguments[0]), 2, false, step -> LockSupport.parkNanos(5_000_000));
    }

    @Test
    void findsNamesAndRegeneratesDamagedEpisodesOnly() throws IOException {
        List<StoredEpisode> episodes = record(folder, 4, false, StepListener.NONE);
        Map<String, String> before = checksums(folder);
        Path cut = folder.resolve(episodes.get(2).file());
        Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), 200));
        Path altered = folder.resolve(episodes.get(5).file());
        byte[] bytes = Files.readAllBytes(altered);
        bytes[bytes.length / 2] ^= 1;
        Files.write(altered, bytes);
        Files.delete(folder.resolve(episodes.get(7).file()));
        // A whole archive in another's place.
        Files.copy(folder.resolve(episodes.get(0).file()), folder.resolve(episodes.get(9).file()),
                StandardCopyOption.REPLACE_EXISTING);

        EpisodeStore store = new EpisodeStore(folder);
        List<Damage> damages = store.verify(Progress.NONE);
        assertEquals(List.of(2, 5, 7, 9), damages.stream().map(d -> episodes.indexOf(d.episode())).toList());
        assertEquals(Damage.Kind.TRUNCATED, damages.get(0).kind());
        assertEquals(Damage.Kind.ALTERED, damages.get(1).kind());
        assertEquals(Damage.Kind.MISSING, damages.get(2).kind());

        for (int i = 0; i < episodes.size(); i++) {
            StoredEpisode episode = episodes.get(i);
            if (List.of(2, 5, 7, 9).contains(i)) {
                KitException thrown = assertThrows(KitException.class, () -> store.read(episode));
                assertTrue(thrown.getMessage().contains(episode.file()) && thrown.getMessage().contains("regenerate"), thrown.getMessage());
            } else {
                store.read(episode);
            }
        }
        KitException thrown = assertThrows(KitException.class, () -> record(folder, 4, false, StepListener.NONE));
        damages.forEach(damage -> assertTrue(thrown.getMessage().contains(damage.episode().file()), thrown.getMessage()));

        AtomicInteger played = new AtomicInteger();
        record(folder, 3, true, step -> played.addAndGet(step.ended() ? 1 : 0));
        assertEquals(4, played.get());
        assertEquals(before, checksums(folder));
        assertEquals(List.of(), store.verify(Progress.NONE));
    }

    @Test
    void refusesAFolderOfOtherEpisodes() {
        record(folder, 4, false, StepListener.NONE);
        try (BatchedEnvironment environments = new ThreadedEnvironments(1, 1, () -> new TinyWorld(16, 5, 40))) {
            Policy policy = Exploration.BROWNIAN.policy(environments.actionSpace(), 1);
            RolloutEngine engine = new RolloutEngine(environments);
            assertThrows(KitException.class, () -> new EpisodeStore(folder)
                    .record(engine, policy, List.of(new EpisodeJob(0, 1)), false, Progress.NONE));
        }
    }

    @Test
    void saysWhenRegeneratedEpisodesCameOutDifferently() throws IOException {
        List<StoredEpisode> episodes = record(folder, 4, false, StepListener.NONE);
        Files.delete(folder.resolve(episodes.get(1).file()));
        try (BatchedEnvironment environments = new ThreadedEnvironments(1, 1, () -> new TinyWorld(16, 6, 40))) {
            Policy policy = Exploration.BROWNIAN.policy(environments.actionSpace(), 1);
            RolloutEngine engine = new RolloutEngine(environments);
            KitException thrown = assertThrows(KitException.class,
                    () -> new EpisodeStore(folder).record(engine, policy, JOBS, true, Progress.NONE));
            assertTrue(thrown.getMessage().contains("came out differently"), thrown.getMessage());
        }
        assertFalse(Files.exists(folder.resolve(episodes.get(1).file())));
    }

    @Test
    void namesTheDamagedLineOfAManifest() throws IOException {
        record(folder, 4, false, StepListener.NONE);
        Path manifest = folder.resolve("manifest.csv");
        String list = Files.readString(manifest);
        for (String altered : List.of(list.replace(",53,", ",fifty-three,"), list.replace(",53,", ",54,"))) {
            Files.writeString(manifest, altered);
            KitException thrown = assertThrows(KitException.class, () -> new EpisodeStore(folder));
            assertTrue(thrown.getMessage().startsWith("Line 5 of "), thrown.getMessage());
        }
    }

    @Test
    void aManifestWithoutALineInTheMidstOrWithOneMoreIsRefused() throws IOException {
        record(folder, 4, false, StepListener.NONE);
        Path manifest = folder.resolve("manifest.csv");
        List<String> lines = Files.readAllLines(manifest);
        assertTrue(lines.getLast().startsWith("end,12,"), lines.getLast());
        for (int missing = 1; missing < 13; missing++) {
            List<String> fewer = new ArrayList<>(lines);
            fewer.remove(missing);
            Files.write(manifest, fewer);
            KitException thrown = assertThrows(KitException.class, () -> new EpisodeStore(folder));
            assertTrue(thrown.getMessage().startsWith("Line " + (missing + 1) + " of "), thrown.getMessage());
        }
        for (String more : List.of(lines.get(3) + "\n", "episode-000012.npz,61")) {
            Files.writeString(manifest, String.join("\n", lines) + "\n" + more);
            assertThrows(KitException.class, () -> new EpisodeStore(folder));
        }
    }

    @Test
    void aListOfAnEarlierVersionIsReadAndContinued() throws IOException {
        List<StoredEpisode> episodes = record(folder, 4, false, StepListener.NONE);
        Path manifest = folder.resolve("manifest.csv");
        String whole = Files.readString(manifest);
        List<String> older = Files.readAllLines(manifest).subList(0, 13).stream().map(line -> line.replaceFirst(",\\w+$", "")).toList();
        Files.write(manifest, older);
        assertEquals(episodes, new EpisodeStore(folder).episodes());
        assertEquals(episodes, record(folder, 4, false, StepListener.NONE));
        assertEquals(older, Files.readAllLines(manifest), "nothing was to be done");
        Files.write(manifest, older.subList(0, 9));
        record(folder, 4, false, StepListener.NONE);
        assertEquals(whole, Files.readString(manifest));
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("not-a-folder"), "");
        KitException thrown = assertThrows(KitException.class, () -> record(file.resolve("episodes"), 4, false, StepListener.NONE));
        assertTrue(thrown.getMessage().contains("not-a-folder"), thrown.getMessage());
    }

    @Test
    void numpyReadsEpisodes() throws Exception {
        List<StoredEpisode> episodes = record(folder, 4, false, StepListener.NONE);
        Episode episode = new EpisodeStore(folder).read(episodes.get(3));
        int T = episode.length();
        String script = """
                import sys, numpy as np
                e = np.load(sys.argv[1])
                print(sorted(e.files), [e[k].shape for k in ('obs', 'action', 'reward', 'done')], [str(e[k].dtype) for k in e.files])
                print(e['obs'].astype(np.int64).sum(), float(e['action'][1, 1]), float(e['reward'][-1]), e['done'].sum(), e['done'][-1])
                """;
        int sum = 0;
        for (byte b : episode.observations()) {
            sum += b & 0xFF;
        }
        assertEquals("""
                ['action', 'done', 'obs', 'reward'] [(%d, 16, 16, 3), (%d, 3), (%d,), (%d,)] ['uint8', 'float32', 'float32', 'bool']
                %d %s %s 1 True
                """.formatted(T, T, T, T, sum, (double) episode.actions()[4], (double) episode.rewards()[T - 1]),
                python(script, folder.resolve(episodes.get(3).file()).toString()));
    }

    /** Python's output; the test is skipped where no python3 has numpy. */
    private static String python(String script, String argument) throws Exception {
        for (String interpreter : List.of("python3", "/usr/bin/python3")) {
            if (run(interpreter, "-c", "import numpy") != null) {
                return run(interpreter, "-c", script, argument);
            }
        }
        return abort("no python3 with numpy here");
    }

    private static String run(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes());
            return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0 ? output : null;
        } catch (IOException e) {
            return null;
        }
    }

    @Test
    void readsWhatNumpyWrote() throws Exception {
        Path file = Path.of(EpisodeStoreTest.class.getResource("/data/written-by-numpy.npz").toURI());
        Map<String, Npy> arrays = Npz.read(file, null, name -> true);
        assertArrayEquals(new int[] {2, 4, 4, 3}, arrays.get("obs").shape());
        assertEquals((byte) 95, arrays.get("obs").data()[95]);
        assertArrayEquals(new float[] {-0.5f, 1, 0, 0.25f, 0, 0.125f}, arrays.get("action").floats());
        assertArrayEquals(new float[] {-0.1f, 3.25f}, arrays.get("reward").floats());
        assertArrayEquals(new boolean[] {false, true}, EpisodeStore.booleans(arrays.get("done")));
        assertArrayEquals(new float[] {0.5f, -2, 65504}, arrays.get("half").floats());
        assertArrayEquals(new float[] {1.5f}, arrays.get("double").floats());
        assertArrayEquals(new float[] {7, -8}, arrays.get("whole").floats());
        assertArrayEquals(new float[] {4.5f}, arrays.get("scalar").floats());
        assertEquals(0, arrays.get("scalar").shape().length);
    }
}
