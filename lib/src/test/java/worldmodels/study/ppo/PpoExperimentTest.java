package worldmodels.study.ppo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.run.KitException;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Stage;
import worldmodels.run.StoppedException;
import worldmodels.study.carracing.CarRacingExperiment;

/** PPO on CarRacing, as small as it gets. */
class PpoExperimentTest {

    private static final Preset TINY = Preset.named("smoke")
            .with("rollouts.episodes", "4").with("rollouts.steps", "60").with("rollouts.validation", "1")
            .with("vision.batch", "20").with("vision.epochs", "1")
            .with("memory.batch", "2").with("memory.sequence", "19").with("memory.epochs", "2").with("evaluation.tracks", "2")
            .with("ppo.lanes", "2").with("ppo.horizon", "8").with("ppo.minibatch", "8").with("ppo.steps", "128").with("ppo.epochs", "2").with("ppo.testEvery", "2")
            .with("ppo.testEpisodes", "1").with("ppo.patience", "30")
            .with("ppo.pixels.lanes", "2").with("ppo.pixels.horizon", "8").with("ppo.pixels.steps", "512").with("ppo.pixels.testEvery", "2");

    @TempDir
    Path work;

    /** With the training on this thread, so that it hears of every update, however fast they are. */
    private static SortedMap<String, String> made(CarRacingExperiment racing, PpoRow row, Progress progress) {
        try (PpoExperiment experiment = new PpoExperiment(racing)) {
            if (!row.isOfPixels()) {
                racing.memory(Progress.NONE);
            }
            experiment.train(row, racing, progress);
            experiment.evaluation(row, Progress.NONE);
            return experiment.evaluationStages(row).getFirst().lineage();
        }
    }

    @Test
    @Tag("slow")
    void interruptedTrainingsEndAsUninterruptedOnes() {
        for (PpoRow row : List.of(PpoRow.SMALL, PpoRow.PIXELS)) {
            SortedMap<String, String> whole;
            try (CarRacingExperiment racing = CarRacingExperiment.open(TINY, work.resolve("whole"))) {
                whole = made(racing, row, Progress.NONE);
            }
            SortedMap<String, String> resumed = null;
            int attempts = 0;
            while (resumed == null) {
                try (CarRacingExperiment racing = CarRacingExperiment.open(TINY, work.resolve("resumed"))) {
                    resumed = made(racing, row, new Impatient(2 + attempts++ / 2));
                } catch (StoppedException e) {
                    assertTrue(attempts < 100, "it makes no headway");
                }
            }
            assertTrue(attempts > 3, row + ": only " + attempts + " attempts");
            assertEquals(whole, resumed, row.toString());
        }
    }

    /** Interrupts when it has heard something so many times. */
    private static final class Impatient implements Progress {

        private int left;

        Impatient(int patience) {
            this.left = patience;
        }

        @Override
        public void start(String work, long total, String unit) {}

        @Override
        public void at(long completed, String note) {
            if (--left == 0) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void done(String note) {}
    }

    @Test
    @Tag("slow")
    void everyChainTrainsItsOwnAndAllDriveTheTestTracks() {
        try (CarRacingExperiment racing = CarRacingExperiment.open(TINY.with("chains", "2"), work); PpoExperiment experiment = new PpoExperiment(racing)) {
            Evaluation evaluation = experiment.evaluation(PpoRow.SMALL, Progress.NONE);
            assertEquals(2, evaluation.summary().k());
            assertEquals(4, evaluation.episodes().size());
            assertTrue(evaluation.episodes().stream().allMatch(each -> TrackSeeds.of(each.track()) == TrackSeeds.TEST));
            List<LearnedPpo> agents = experiment.learned(PpoRow.SMALL, Progress.NONE);
            assertEquals(List.of(1L, 2L), agents.stream().map(LearnedPpo::seed).toList());
            assertEquals(List.of(128L, 128L), agents.stream().map(agent -> agent.stage().environmentSteps()).toList());
            // After every second update.
            assertEquals(List.of(2L, 4L), agents.getFirst().returns().points().stream().map(point -> point.step()).toList());
            assertEquals(2, agents.getFirst().histograms().length);
            // Another lane, another number of lanes: the same drive.
            Evaluation again = experiment.drive(agents.getLast(), TrackSeeds.TEST.first(1), Progress.NONE);
            assertEquals(evaluation.episodes().get(2), again.episodes().getFirst());
            PpoDrive drive = experiment.film(agents.getFirst(), TrackSeeds.SELECT.seed(0), 20, Progress.NONE);
            assertEquals(21, drive.frames().size());
            assertEquals(10, drive.seen().size());
            double[][] gradient = experiment.actor(agents.getFirst(), Progress.NONE).sensitivity(drive.seen().getFirst(), 32);
            assertEquals(3, gradient.length);
            assertEquals(32, gradient[0].length);
        }
    }

    @Test
    void keysAreDecidedByWhatDecidesTheResult() {
        Stage first = stage(TINY, PpoRow.SMALL);
        assertNotEquals(first.key(), stage(TINY.with("ppo.clip", "0.1"), PpoRow.SMALL).key());
        assertNotEquals(first.key(), stage(TINY.with("agent.latent", "SAMPLED".equals(TINY.text("agent.latent")) ? "MEAN" : "SAMPLED"), PpoRow.SMALL).key());
        assertNotEquals(first.key(), stage(TINY.with("memory.epochs", "3"), PpoRow.SMALL).key());
        assertNotEquals(first.key(), stage(TINY, PpoRow.REPORT).key());
        assertNotEquals(first.key(), stage(TINY.with("seed", "2"), PpoRow.SMALL).key());
        assertEquals(first.key(), stage(TINY.with("ppo.pixels.stack", "2").with("ppo.rows", "PIXELS").with("evolution.sigma", "0.2"), PpoRow.SMALL).key());
        Stage pixels = stage(TINY, PpoRow.PIXELS);
        assertNotEquals(pixels.key(), stage(TINY.with("ppo.pixels.stack", "2"), PpoRow.PIXELS).key());
        assertEquals(pixels.key(), stage(TINY.with("memory.epochs", "3").with("ppo.steps", "1000"), PpoRow.PIXELS).key());
        assertEquals(Set.of("ppo-pixels-1"), pixels.ancestry().stream().map(Stage::name).collect(Collectors.toSet()));
        assertTrue(first.ancestry().stream().map(Stage::name).collect(Collectors.toSet()).containsAll(Set.of("rollouts", "vision", "memory", "ppo-small-1")));
    }

    private Stage stage(Preset preset, PpoRow row) {
        try (CarRacingExperiment racing = CarRacingExperiment.open(preset, work)) {
            return PpoStages.learning(racing, row);
        }
    }

    @Test
    void stepsThatAreNotEnoughForAnUpdateAreRefused() {
        PpoStudy.Driven driven = PpoStudy.driven(TINY.with("ppo.steps", "31"), PpoRow.SMALL);
        String thrown = assertThrows(KitException.class, () -> driven.updates(PpoStudy.learning(TINY, PpoRow.SMALL))).getMessage();
        assertTrue(thrown.contains("31 steps are not enough"), thrown);
        assertEquals(4, PpoStudy.driven(TINY, PpoRow.SMALL).updates(PpoStudy.learning(TINY, PpoRow.SMALL)));
        // 2 lanes, 8 decisions, 4 steps each.
        assertEquals(8, PpoStudy.driven(TINY, PpoRow.PIXELS).updates(PpoStudy.learning(TINY, PpoRow.PIXELS)));
    }
}
