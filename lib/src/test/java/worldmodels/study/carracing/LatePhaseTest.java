package worldmodels.study.carracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.controller.Features;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.TestEpisode;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.evolution.CmaEs;
import worldmodels.run.KitException;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Settings;
import worldmodels.run.Stage;

class LatePhaseTest {

    @TempDir
    Path work;

    @Test
    void itsPerturbationsAndTracksAreNoneOfTheFirstSearchs() {
        double[][] first = new CmaEs(new double[40], 0.1, 16, 1).ask();
        double[][] late = new CmaEs(new double[40], 0.1, 16, LatePhase.searchSeed(1)).ask();
        for (int k = 0; k < first.length; k++) {
            for (int i = 0; i < first[k].length; i++) {
                assertNotEquals(first[k][i], late[k][i]);
            }
        }
        Set<Long> seen = new HashSet<>();
        for (int generation = 1; generation <= 80; generation++) {
            LongStream.of(TrackSeeds.forSearch(1).train(generation, 1)).forEach(seen::add);
        }
        for (int generation = 1; generation <= 60; generation++) {
            assertTrue(LongStream.of(TrackSeeds.forSearch(LatePhase.searchSeed(1)).train(generation, 4)).noneMatch(seen::contains), "generation " + generation);
        }
    }

    @Test
    void theTwoAreComparedOnSelectionTracksThatNeitherWasChosenBy() {
        long[] compared = Settings.of(Preset.named("laptop"), LateSettings.Compared.class).seeds();
        assertTrue(compared.length >= 128);
        assertEquals(32, Arrays.stream(compared).min().orElseThrow() - TrackSeeds.SELECT.seed(0), "the first search has selected by 32");
        assertTrue(LongStream.of(compared).allMatch(track -> TrackSeeds.of(track) == TrackSeeds.SELECT));
    }

    @Test
    void theBetterOfTheTwoIsThePublishedOne() {
        Evaluation low = new Evaluation(List.of(new TestEpisode(1, 5, 800, 1000), new TestEpisode(1, 6, 900, 1000)));
        Evaluation high = new Evaluation(List.of(new TestEpisode(1, 5, 820, 1000), new TestEpisode(1, 6, 910, 1000)));
        assertTrue(new LateGain(low, high).isGain());
        assertEquals(15, new LateGain(low, high).difference().mean(), 1e-12);
        assertFalse(new LateGain(high, low).isGain());
        assertFalse(new LateGain(low, low).isGain(), "nothing gained, nothing changed");
    }

    @Test
    void thePaperHasNoneAndMoreMeansThanGenerationsAreRefused() {
        assertEquals(List.of(), LatePhase.features(Preset.named("paper")));
        KitException e = assertThrows(KitException.class, () -> LatePhase.features(Preset.named("laptop").with("late.generations", "5")));
        assertTrue(e.getMessage().contains("late.averaged is 10"), e.getMessage());
    }

    @Test
    @Tag("slow")
    void aChainIsSearchedFurtherComparedAndTested() {
        Preset preset = Preset.named("smoke").with("rollouts.episodes", "4").with("rollouts.steps", "60").with("rollouts.validation", "1")
                .with("vision.batch", "20").with("vision.epochs", "1").with("evolution.population", "4").with("evolution.rollouts", "1")
                .with("evolution.generations", "2").with("evolution.steps", "20").with("evolution.selectionEvery", "1").with("evolution.selectionTracks", "2")
                .with("evaluation.tracks", "2").with("late.features", "Z").with("late.generations", "3").with("late.tracks", "2");
        try (CarRacingExperiment experiment = CarRacingExperiment.open(preset, work)) {
            assertEquals(List.of(Features.Z), experiment.lateRows());
            TrainedController late = experiment.lateControllers(Features.Z, Progress.NONE).getFirst();
            assertEquals(List.of(1, 2, 3), late.history().stream().map(g -> g.number()).toList());
            assertEquals(0.03, late.history().getFirst().sigma(), 0.01);
            assertEquals(1, late.seed());
            LateGain gain = experiment.lateGains(Features.Z, Progress.NONE).get(1L);
            assertEquals(List.of(TrackSeeds.SELECT.seed(2), TrackSeeds.SELECT.seed(3)), gain.late().episodes().stream().map(TestEpisode::track).toList());
            Evaluation test = experiment.lateEvaluation(Features.Z, Progress.NONE);
            TrainedController better = gain.isGain() ? late : experiment.controller(Features.Z, Progress.NONE);
            assertEquals(experiment.drive(experiment.agent(Features.Z, Progress.NONE).with(better.selected().parameters()), 1, TrackSeeds.TEST.first(2), Progress.NONE), test);
            Stage stage = experiment.lateStages(Features.Z).getFirst();
            assertTrue(stage.ancestry().contains(late.stage()) && stage.isFinished());
        }
    }
}
