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
        Evaluation better = driven(1, 720, 20);
        Summary difference = better.minus(driven(1, 700, 20));
        assertEquals(20, difference.mean(), 1e-9);
        assertEquals(20, difference.low(), 1e-9);
        assertEquals(20, difference.n());
        KitException e = assertThrows(KitException.class, () -> better.minus(driven(1, 700, 10)));
        assertTrue(e.getMessage().contains("different tracks"), e.getMessage());
    }

    @Test
    void theDifferenceIsTakenRunByRunSoThatTheRunsDisagreementStays() {
        // One training gains 30, another loses 10, on every track alike: known to the point within each run, hardly at all between them.
        Evaluation better = Evaluation.together(List.of(driven(2, 690, 20), driven(1, 730, 20)));
        Evaluation worse = Evaluation.together(List.of(driven(1, 700, 20), driven(2, 700, 20)));
        Summary difference = better.minus(worse);
        assertEquals(10, difference.mean(), 1e-9);
        assertEquals(-10, difference.low(), 1e-9);
        assertEquals(30, difference.high(), 1e-9);
        assertEquals(2, difference.k());
        assertEquals(40, difference.n());
        KitException e = assertThrows(KitException.class, () -> better.minus(driven(1, 700, 20)));
        assertTrue(e.getMessage().contains("[1, 2] and [1]"), e.getMessage());
        assertEquals(30, better.of(1).minus(driven(1, 700, 20)).mean(), 1e-9);
    }

    @Test
    void tracksThatAllRunsDroveAreDrawnForAllOfThemTogether() {
        // Run 2 scores 2 more than run 1, track 6 1 more than track 5. Of 4 runs drawn x 4 tracks drawn both extremes have a probability of 1/16.
        List<TestEpisode> episodes = List.of(new TestEpisode(1, 5, 0, 9), new TestEpisode(1, 6, 1, 9), new TestEpisode(2, 6, 3, 9), new TestEpisode(2, 5, 2, 9));
        Summary crossed = new Evaluation(episodes).summary();
        assertEquals(List.of(1.5, 0.0, 3.0, 1.5, 1.5), List.of(crossed.mean(), crossed.low(), crossed.high(), crossed.median(), crossed.iqm()));
        // On tracks of their own each run's are drawn by themselves: two runs of the lowest and four of its lowest tracks have 1/64, below 2.5 %.
        Summary nested = Summary.of(new double[][] {{0, 1}, {2, 3}});
        assertTrue(nested.low() > 0 && nested.high() < 3, nested.toString());
        List<TestEpisode> own = new java.util.ArrayList<>(episodes.subList(0, 2));
        own.addAll(List.of(new TestEpisode(2, 7, 2, 9), new TestEpisode(2, 8, 3, 9)));
        assertEquals(nested, new Evaluation(own).summary());
    }

    @Test
    void theProbabilityOfImprovementIsTheOneWorkedByHand() {
        // Track 5: 3 > 1, 3 > 2, 2 > 1, 2 = 2: 3.5 of 4. Track 6: 0 < 7, 0 < 0.5, 7 = 7, 7 > 0.5: 1.5 of 4.
        Evaluation ours = new Evaluation(List.of(new TestEpisode(1, 5, 3, 9), new TestEpisode(1, 6, 0, 9), new TestEpisode(2, 5, 2, 9), new TestEpisode(2, 6, 7, 9)));
        Evaluation theirs = new Evaluation(List.of(new TestEpisode(4, 5, 1, 9), new TestEpisode(4, 6, 7, 9), new TestEpisode(8, 5, 2, 9), new TestEpisode(8, 6, 0.5, 9)));
        assertEquals(5.0 / 8, ours.improvementOver(theirs).probability(), 1e-15);
        assertEquals(3.0 / 8, theirs.improvementOver(ours).probability(), 1e-15);
        assertEquals(new Improvement(0.5, 0.5, 0.5), driven(1, 700, 10).improvementOver(driven(1, 700, 10)), "as good as itself");
        assertEquals(new Improvement(1, 1, 1), driven(1, 701, 10).improvementOver(driven(3, 700, 10)));
        assertThrows(KitException.class, () -> driven(1, 700, 10).improvementOver(driven(1, 700, 9)));
    }

    @Test
    void thePerformanceProfileIsTheShareAboveEachScore() {
        Evaluation evaluation = new Evaluation(List.of(new TestEpisode(1, 5, 100, 9), new TestEpisode(1, 6, 200, 9), new TestEpisode(2, 5, 200, 9),
                new TestEpisode(2, 6, 300, 9)));
        PerformanceProfile profile = evaluation.profile(new double[] {0, 100, 150, 200, 299, 300});
        assertArrayEquals(new double[] {1, 0.75, 0.75, 0.25, 0.25, 0}, profile.shares());
        assertArrayEquals(new double[] {1, 1, 0}, new double[] {profile.low()[0], profile.high()[0], profile.high()[5]});
        // Above 150: all but run 1 on track 5, which alone is drawn with probability 1/16; so is its opposite.
        assertEquals(0, profile.low()[2]);
        assertEquals(1, profile.high()[2]);
    }

    @Test
    void summaryPrintsMeanIntervalSpreadAndCounts() {
        Summary summary = Summary.of(new double[][] {{10, 20, 30, 40}});
        assertEquals(25, summary.mean());
        assertEquals(Math.sqrt(500 / 3.0), summary.sd(), 1e-13);
        assertTrue(summary.low() > 10 && summary.low() < 20 && summary.high() > 30 && summary.high() < 40, summary.toString());
        assertEquals("812.3 [780.1, 841.9], SD 152.0, n 100, k 1", new Summary(812.34, 780.09, 841.9, 152, 850, 840, 100, 1).toString());
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
    void chainsRecordOnTracksOfTheirOwn() {
        Set<Long> all = new HashSet<>();
        for (long chain = 1; chain <= 1000; chain++) {
            for (long track : TrackSeeds.ROLLOUT.ofChain(chain, 0, 7)) {
                assertTrue(all.add(track), "chain " + chain);
                assertEquals(TrackSeeds.ROLLOUT, TrackSeeds.of(track));
            }
        }
        assertArrayEquals(TrackSeeds.ROLLOUT.first(7), TrackSeeds.ROLLOUT.ofChain(1, 0, 7));
        assertArrayEquals(new long[] {2_000_005, 2_000_006}, TrackSeeds.ROLLOUT.ofChain(3, 5, 2));
        assertEquals(TrackSeeds.ROLLOUT, TrackSeeds.of(TrackSeeds.ROLLOUT.ofChain(Long.MIN_VALUE, 999_999, 1)[0]));
        KitException e = assertThrows(KitException.class, () -> TrackSeeds.ROLLOUT.ofChain(2, 999_999, 2));
        assertTrue(e.getMessage().contains("1000001"), e.getMessage());
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
