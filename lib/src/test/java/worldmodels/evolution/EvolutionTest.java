package worldmodels.evolution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;

class EvolutionTest {

    private static final Evolution.Settings SETTINGS = new Evolution.Settings(10, 0.3, 12, 3, 5, 4);

    private static final Evolution.Tracks TRACKS = new Evolution.Tracks() {
        @Override
        public long[] train(int generation, int count) {
            return LongStream.range(0, count).map(i -> 1_000L * generation + i).toArray();
        }

        @Override
        public long[] select(int count) {
            return LongStream.range(0, count).map(i -> 1_000_000L + i).toArray();
        }
    };

    @TempDir
    Path folder;

    /** A noisy hill with its top, 100, at (1, 1, ...): cheap to drive, different on every track. */
    private static Fitness.Returns hill(double[][] candidates, long[] tracks, Progress progress) {
        double[][] scores = new double[candidates.length][tracks.length];
        int[][] steps = new int[candidates.length][tracks.length];
        for (int k = 0; k < candidates.length; k++) {
            for (int t = 0; t < tracks.length; t++) {
                double distance = Arrays.stream(candidates[k]).map(x -> (x - 1) * (x - 1)).sum();
                scores[k][t] = 100 - distance + Math.sin(12.9898 * tracks[t]);
                steps[k][t] = 10;
            }
        }
        return new Fitness.Returns(scores, steps);
    }

    private Evolution search(String file, Fitness fitness) {
        return new Evolution(SETTINGS, new double[4], 7, fitness, fitness, TRACKS, folder.resolve(file));
    }

    @Test
    void climbsAndKeepsTheBestMeanOfTheSelections() {
        Evolution.Settings longer = new Evolution.Settings(10, 0.3, 40, 3, 5, 4);
        Evolution evolution = new Evolution(longer, new double[4], 7, EvolutionTest::hill, EvolutionTest::hill, TRACKS, folder.resolve("c"));
        assertNull(evolution.candidate());
        Candidate candidate = evolution.run(Progress.NONE);
        List<Generation> history = evolution.history();
        assertEquals(40, history.size());
        assertTrue(history.getLast().mean() > history.getFirst().mean() + 2, history.getFirst() + " " + history.getLast());
        double bestSelection = history.stream().filter(Generation::selected).mapToDouble(Generation::selectionScore).max().orElseThrow();
        assertEquals(bestSelection, candidate.selectionScore());
        assertEquals(bestSelection, history.get(candidate.generation() - 1).selectionScore());
        for (double x : candidate.parameters()) {
            assertEquals(1, x, 0.2);
        }
        // The candidate is the mean, not a sampled individual: its score follows from its parameters.
        assertEquals(candidate.selectionScore(), hill(new double[][] {candidate.parameters()}, TRACKS.select(4), Progress.NONE).means()[0]);
    }

    @Test
    void candidatesAreChosenBySelectionAndNotByTraining() {
        // Selection has its top at -1, training at 1: the mean of the first generations is the best of the search.
        Fitness opposite = (candidates, tracks, progress) ->
                hill(Arrays.stream(candidates).map(c -> Arrays.stream(c).map(x -> -x).toArray()).toArray(double[][]::new), tracks, progress);
        Evolution.Settings longer = new Evolution.Settings(10, 0.3, 40, 3, 5, 4);
        Candidate candidate = new Evolution(longer, new double[4], 7, EvolutionTest::hill, opposite, TRACKS, folder.resolve("c")).run(Progress.NONE);
        assertEquals(5, candidate.generation());
        assertEquals(candidate.selectionScore(), opposite.evaluate(new double[][] {candidate.parameters()}, TRACKS.select(4), Progress.NONE).means()[0]);
    }

    @Test
    void theMeanOfTheLastMeansIsTriedAndSurvivesAStop() {
        Evolution.Settings averaging = new Evolution.Settings(10, 0.3, 12, 3, 12, 4).averaging(3);
        List<double[]> means = new ArrayList<>();
        CmaEs alone = new CmaEs(new double[4], 0.3, 10, 7);
        for (int generation = 1; generation <= 12; generation++) {
            alone.tell(Arrays.stream(hill(alone.ask(), TRACKS.train(generation, 3), Progress.NONE).means()).map(score -> -score).toArray());
            means.add(alone.mean());
        }
        Candidate expected = new Evolution(averaging, new double[4], 7, EvolutionTest::hill, EvolutionTest::hill, TRACKS, folder.resolve("c")).run(Progress.NONE);
        for (int i = 0; i < 4; i++) {
            assertEquals((means.get(9)[i] + means.get(10)[i] + means.get(11)[i]) / 3, expected.parameters()[i], 1e-15);
        }
        assertEquals(expected.selectionScore(), hill(new double[][] {expected.parameters()}, TRACKS.select(4), Progress.NONE).means()[0]);
        int[] calls = {0};
        Fitness failing = (candidates, tracks, progress) -> {
            if (++calls[0] == 12) {
                throw new StoppedException("Evolution");
            }
            return hill(candidates, tracks, progress);
        };
        assertThrows(StoppedException.class,
                () -> new Evolution(averaging, new double[4], 7, failing, failing, TRACKS, folder.resolve("stopped")).run(Progress.NONE));
        Candidate resumed = new Evolution(averaging, new double[4], 7, failing, failing, TRACKS, folder.resolve("stopped")).run(Progress.NONE);
        assertArrayEquals(expected.parameters(), resumed.parameters());
    }

    @Test
    void recordsEachGeneration() {
        Evolution evolution = search("c", EvolutionTest::hill);
        evolution.run(Progress.NONE);
        assertEquals(List.of(5, 10, 12), evolution.history().stream().filter(Generation::selected).map(Generation::number).toList(),
                "selection every 5 generations and after the last");
        for (Generation g : evolution.history()) {
            assertTrue(g.worst() <= g.mean() && g.mean() <= g.best() && g.sd() > 0 && g.sigma() > 0 && g.seconds() >= 0);
            assertEquals(10 * (30 + (g.selected() ? 4 : 0)), g.steps());
        }
    }

    @Test
    void showsItsGenerationsWhileItRuns() {
        Evolution evolution = search("c", EvolutionTest::hill);
        List<Integer> seen = new ArrayList<>();
        evolution.run(new Progress() {
            @Override
            public void start(String work, long total, String unit) {}

            @Override
            public void at(long completed, String note) {
                Path file = folder.resolve(Evolution.GENERATIONS);
                seen.add(Files.exists(file) ? Generation.readCsv(file).size() : 0);
            }

            @Override
            public void done(String note) {}
        });
        assertTrue(seen.containsAll(List.of(1, 6, 12)), seen.toString());
        assertEquals(evolution.history(), Generation.readCsv(folder.resolve(Evolution.GENERATIONS)));
        KitException e = assertThrows(KitException.class, () -> Generation.readCsv(folder.resolve("c")));
        assertTrue(e.getMessage().contains("generations"), e.getMessage());
    }

    @Test
    void statisticsAreThoseWorkedByHand() {
        Generation g = Generation.of(3, new double[] {1, 2, Double.NaN, 6}, 0.5, 70, 2, Double.NaN);
        assertEquals(new Generation(3, 3, 6, 1, Math.sqrt(7), 0.5, 70, 2, Double.NaN), g);
    }

    @Test
    void resumesBitForBitAfterAStopInAnyGeneration() {
        Evolution straight = search("straight", EvolutionTest::hill);
        Candidate expected = straight.run(Progress.NONE);
        int[] calls = {0};
        Fitness failing = (candidates, tracks, progress) -> {
            if (++calls[0] % 4 == 3) {
                throw new StoppedException("Evolution");
            }
            return hill(candidates, tracks, progress);
        };
        Candidate resumed = null;
        int stops = 0;
        while (resumed == null) {
            try {
                resumed = search("resumed", failing).run(Progress.NONE);
            } catch (StoppedException e) {
                stops++;
            }
        }
        assertTrue(stops >= 3, "stopped " + stops + " times");
        assertArrayEquals(expected.parameters(), resumed.parameters());
        assertEquals(expected.selectionScore(), resumed.selectionScore());
        assertEquals(timeless(straight), timeless(search("resumed", EvolutionTest::hill)));
    }

    private static List<Generation> timeless(Evolution evolution) {
        return evolution.history().stream().map(g -> new Generation(g.number(), g.mean(), g.best(), g.worst(), g.sd(), g.sigma(),
                g.steps(), 0, g.selectionScore())).toList();
    }

    @Test
    void aFinishedSearchDrivesNoMore() {
        search("c", EvolutionTest::hill).run(Progress.NONE);
        Candidate again = search("c", (candidates, tracks, progress) -> {
            throw new AssertionError("drove again");
        }).run(Progress.NONE);
        assertEquals(4, again.parameters().length);
    }

    @Test
    void allCandidatesOfAGenerationDriveTheSameTracksAndNoGenerationThoseOfAnother() {
        List<long[]> seen = new ArrayList<>();
        search("c", (candidates, tracks, progress) -> {
            seen.add(tracks);
            return hill(candidates, tracks, progress);
        }).run(Progress.NONE);
        assertEquals(15, seen.size());
        assertArrayEquals(new long[] {1_000, 1_001, 1_002}, seen.get(0));
        assertArrayEquals(new long[] {2_000, 2_001, 2_002}, seen.get(1));
        assertArrayEquals(TRACKS.select(4), seen.get(5));
    }

    @Test
    void stopsOnInterruptWithTheCheckpointWhole() {
        Evolution evolution = search("c", (candidates, tracks, progress) -> {
            Thread.currentThread().interrupt();
            return hill(candidates, tracks, progress);
        });
        assertThrows(StoppedException.class, () -> evolution.run(Progress.NONE));
        assertFalse(Thread.currentThread().isInterrupted());
        assertEquals(1, search("c", EvolutionTest::hill).history().size());
    }

    @Test
    void showsFiguresAndEpisodesWhileItRuns() {
        List<String> notes = new ArrayList<>();
        Progress listener = new Progress() {
            @Override
            public void start(String work, long total, String unit) {
                notes.add(total + " " + unit);
            }

            @Override
            public void at(long completed, String note) {
                notes.add(completed + ": " + note);
            }

            @Override
            public void done(String note) {
                notes.add(note);
            }
        };
        search("c", (candidates, tracks, progress) -> {
            progress.start("Driving", candidates.length * tracks.length, "episodes");
            progress.at(2, "");
            return hill(candidates, tracks, progress);
        }).run(listener);
        assertEquals("12 generations", notes.get(0));
        assertEquals("0: generation 1: 2 of 30 episodes", notes.get(2));
        assertTrue(notes.get(3).matches("1: mean [-\\d.]+, SD [\\d.]+, best [-\\d.]+, sigma [\\d.]+"), notes.get(3));
        assertTrue(notes.get(4).matches("1: mean .*; generation 2: 2 of 30 episodes"), notes.get(4));
        assertTrue(notes.getLast().contains("selected"), notes.getLast());
    }

    @Test
    void tellsWhoeverWatchesWhatCmaEsWarnsOf() {
        List<String> notes = new ArrayList<>();
        Progress listener = new Progress() {
            @Override
            public void start(String work, long total, String unit) {}

            @Override
            public void at(long completed, String note) {}

            @Override
            public void done(String note) {
                notes.add(note);
            }
        };
        search("hill", EvolutionTest::hill).run(listener);
        search("flat", (candidates, tracks, progress) -> new Fitness.Returns(new double[candidates.length][tracks.length],
                new int[candidates.length][tracks.length])).run(listener);
        assertFalse(notes.getFirst().contains("fitness"), notes.getFirst());
        assertTrue(notes.getLast().contains("half of the candidates have the same fitness"), notes.getLast());
    }

    @Test
    void aGenerationWithoutFiniteFitnessLeavesTheCheckpointAsItWas() throws IOException {
        int[] calls = {0};
        Evolution evolution = search("c", (candidates, tracks, progress) -> {
            Fitness.Returns returns = hill(candidates, tracks, progress);
            if (++calls[0] == 3) {
                Arrays.stream(returns.scores()).forEach(row -> Arrays.fill(row, Double.NaN));
            }
            return returns;
        });
        assertThrows(KitException.class, () -> evolution.run(Progress.NONE));
        assertEquals(2, search("c", EvolutionTest::hill).history().size());
        try (var files = Files.list(folder)) {
            assertEquals(List.of("c", Evolution.GENERATIONS), files.map(f -> f.getFileName().toString()).sorted().toList(),
                    "nothing half-written is left");
        }
    }

    @Test
    void refusesACheckpointOfAnotherSearchOrADamagedOne() throws IOException {
        search("c", EvolutionTest::hill).run(Progress.NONE);
        Path file = folder.resolve("c");
        KitException other = assertThrows(KitException.class, () -> new Evolution(SETTINGS, new double[5], 7, EvolutionTest::hill, EvolutionTest::hill, TRACKS, file));
        assertTrue(other.getMessage().contains("parameters = 4, but 5"), other.getMessage());
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 20));
        assertThrows(KitException.class, () -> search("c", EvolutionTest::hill));
        Files.write(file, new byte[3]);
        assertThrows(KitException.class, () -> search("c", EvolutionTest::hill));
        for (int at = 3; at < whole.length; at += whole.length / 40) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 4;
            Files.write(file, flipped);
            KitException damaged = assertThrows(KitException.class, () -> search("c", EvolutionTest::hill), "byte " + at);
            assertTrue(damaged.getMessage().contains(file.toString()), damaged.getMessage());
        }
    }
}
