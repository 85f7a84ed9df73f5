package worldmodels.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeResult;
import worldmodels.data.Policy;
import worldmodels.data.RolloutEngine;
import worldmodels.data.WhiteNoise;
import worldmodels.env.ActionRepeat;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.env.TinyWorld;
import worldmodels.evolution.Evolution;
import worldmodels.evolution.Fitness;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.Stage;

class EvaluationTest {

    @TempDir
    Path folder;

    private static final Fitness AGENT = (candidates, tracks, progress) -> new Fitness.Returns(
            new double[][] {LongStream.of(tracks).mapToDouble(track -> candidates[0][0] + Math.sin(track) / 3).toArray()},
            new int[][] {LongStream.of(tracks).mapToInt(track -> 400 + (int) (track % 7)).toArray()});

    private static Evaluation driven(long run, double level, int tracks) {
        return Evaluation.of(run, AGENT, new double[] {level}, TrackSeeds.TEST.first(tracks), Progress.NONE);
    }

    @Test
    void drivesEachTestTrackOnce() {
        Evaluation evaluation = driven(5, 700, 100);
        assertArrayEquals(TrackSeeds.TEST.first(100), evaluation.episodes().stream().mapToLong(TestEpisode::track).toArray());
        assertTrue(evaluation.episodes().stream().allMatch(e -> e.run() == 5
                && e.score() == 700 + Math.sin(e.track()) / 3 && e.steps() >= 400));
    }

    @Test
    void anyPolicyIsScoredInAnyEnvironments() {
        try (BatchedEnvironment environments = new ThreadedEnvironments(3, 2, () -> new ActionRepeat(new TinyWorld(4, 8, 8), 2))) {
            Policy policy = new WhiteNoise(environments.actionSpace(), 3);
            Evaluation evaluation = Evaluation.of(4, policy, environments, 2, TrackSeeds.TEST.first(5), Progress.NONE);
            assertArrayEquals(TrackSeeds.TEST.first(5), evaluation.episodes().stream().mapToLong(TestEpisode::track).toArray());
            EpisodeResult[] played = new RolloutEngine(environments).run(List.of(new EpisodeJob(0, TrackSeeds.TEST.seed(3))), policy, Progress.NONE);
            assertEquals(new TestEpisode(4, TrackSeeds.TEST.seed(3), played[0].episodeReturn(), 8), evaluation.episodes().get(3));
            assertEquals(5 * 8, evaluation.environmentSteps());
        }
    }

    @Test
    void noScoreIsOfATrackThatWasLearnedFrom() {
        for (TrackSeeds learned : List.of(TrackSeeds.ROLLOUT, TrackSeeds.TRAIN)) {
            KitException e = assertThrows(KitException.class, () -> Evaluation.of(1, AGENT, new double[1], learned.first(2), Progress.NONE));
            assertTrue(e.getMessage().contains(learned.name()), e.getMessage());
        }
        assertEquals(2, Evaluation.of(1, AGENT, new double[1], TrackSeeds.SELECT.first(2), Progress.NONE).episodes().size());
    }

    @Test
    void aStageKeepsAnEvaluationAndDrivesOnce() {
        Stage stage = new Stage(folder, "evaluation", Map.of("tracks", "3"), List.of());
        Evaluation driven = driven(1, 700, 3);
        assertEquals(driven, Evaluation.keptBy(stage, () -> driven));
        assertEquals(driven, Evaluation.keptBy(stage, () -> {
            throw new AssertionError("drove again");
        }));
        assertEquals(driven.environmentSteps(), stage.environmentSteps());
    }

    @Test
    void summaryIsRecomputedFromTheCsv() {
        Evaluation evaluation = Evaluation.together(List.of(
                driven(1, 700, 20),
                driven(2, 720, 20)));
        Path file = folder.resolve("episodes.csv");
        evaluation.writeCsv(file);
        Evaluation read = Evaluation.readCsv(file);
        assertEquals(evaluation, read);
        assertEquals(evaluation.summary(), read.summary());
        assertEquals(2, read.summary().k());
        assertEquals(40, read.summary().n());
    }

    @Test
    void theDifferenceOfTwoAgentsIsTakenTrackByTrack() {
        // On every track 20 apart, though the scores spread far more than that.
        Evaluation better = Evaluation.together(List.of(
                driven(1, 715, 20), driven(2, 725, 20)));
        Evaluation worse = driven(1, 700, 20);
        Summary difference = better.minus(worse);
        assertEquals(20, difference.mean(), 1e-9);
        assertEquals(20, difference.low(), 1e-9);
        assertEquals(20, difference.n());
        KitException e = assertThrows(KitException.class, () -> better.minus(driven(1, 700, 10)));
        assertTrue(e.getMessage().contains("different tracks"), e.getMessage());
    }

    @Test
    void summaryPrintsMeanIntervalSpreadAndCounts() {
        Summary summary = Summary.of(new double[][] {{10, 20, 30, 40}});
        assertEquals(25, summary.mean());
        assertEquals(Math.sqrt(500 / 3.0), summary.sd(), 1e-13);
        assertTrue(summary.low() > 10 && summary.low() < 20 && summary.high() > 30 && summary.high() < 40, summary.toString());
        assertEquals("812.3 [780.1, 841.9], SD 152.0, n 100, k 1", new Summary(812.34, 780.09, 841.9, 152, 100, 1).toString());
    }

    @Test
    void refusesScoresThatAreNotFiniteAndDamagedTables() throws IOException {
        assertThrows(KitException.class, () -> new Evaluation(List.of(new TestEpisode(1, 2, Double.NaN, 3))));
        assertThrows(KitException.class, () -> new Evaluation(List.of()));
        Path file = folder.resolve("episodes.csv");
        for (String text : List.of("", "other\n1,2,3,4\n", "run,track,score,steps\n1,2\n", "run,track,score,steps\n1,2,x,4\n")) {
            Files.writeString(file, text);
            KitException error = assertThrows(KitException.class, () -> Evaluation.readCsv(file));
            assertTrue(error.getMessage().contains("episodes.csv"), error.getMessage());
        }
        assertThrows(KitException.class, () -> Evaluation.readCsv(folder.resolve("absent.csv")));
    }

    @Test
    void tracksOfDifferentPurposesAreDisjoint() {
        Evolution.Tracks search = TrackSeeds.forSearch(1);
        Set<Long> all = new HashSet<>();
        int count = 0;
        long[][] lists = {TrackSeeds.ROLLOUT.first(500), TrackSeeds.TEST.first(100), search.select(1024), search.train(1, 16),
            TrackSeeds.TRAIN.drawn(9, "x", 50)};
        for (long[] tracks : lists) {
            Arrays.stream(tracks).forEach(all::add);
            count += tracks.length;
        }
        assertEquals(count, all.size());
        for (int generation = 1; generation < 300; generation++) {
            for (long track : search.train(generation, 16)) {
                assertEquals(TrackSeeds.TRAIN, TrackSeeds.of(track));
            }
        }
        for (TrackSeeds use : TrackSeeds.values()) {
            assertEquals(use, TrackSeeds.of(use.seed(0)));
            assertEquals(use, TrackSeeds.of(use.seed(999_999_999)));
            assertThrows(KitException.class, () -> use.seed(1_000_000_000));
        }
        assertThrows(KitException.class, () -> TrackSeeds.of(-1));
    }

    @Test
    void generationsDriveNewTracksThatTheRootSeedDecides() {
        assertArrayEquals(TrackSeeds.forSearch(3).train(7, 16), TrackSeeds.forSearch(3).train(7, 16));
        assertFalse(Arrays.equals(TrackSeeds.forSearch(3).train(7, 16), TrackSeeds.forSearch(3).train(8, 16)));
        assertFalse(Arrays.equals(TrackSeeds.forSearch(3).train(7, 16), TrackSeeds.forSearch(4).train(7, 16)));
        assertArrayEquals(TrackSeeds.forSearch(3).select(8), TrackSeeds.forSearch(4).select(8));
    }
}
