package worldmodels.study.planet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.env.control.ControlTask;
import worldmodels.env.mujoco.MuJoCo;
import worldmodels.env.mujoco.OffscreenGl;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.nn.Compute;
import worldmodels.planet.Acting;
import worldmodels.planet.CarRacingPixels;
import worldmodels.planet.CrossEntropyPlanner;
import worldmodels.planet.Dynamics;
import worldmodels.report.KeptStages;
import worldmodels.run.KitException;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Stage;
import worldmodels.run.StoppedException;
import worldmodels.study.Made;

class PlanetExperimentTest {

    @TempDir
    Path work;

    @Test
    void rowsAreTheTasksWithTheirDynamicsAndSeeds() {
        Preset preset = Preset.named("paper").with("planet.tasks", "walker_walk, finger_spin").with("planet.otherDynamics", "RSSM")
                .with("planet.seeds", "2");
        List<PlanetRow> rows = PlanetStudy.of(preset).rows();
        assertEquals(List.of("walker-walk-rssm-1", "walker-walk-rssm-2", "walker-walk-ssm-1", "walker-walk-rnn-1", "finger-spin-rssm-1"),
                rows.stream().map(PlanetRow::word).toList());
    }

    @Test
    void wrongNameIsAClearError() {
        KitException thrown = assertThrows(KitException.class,
                () -> PlanetStudy.of(Preset.named("smoke").with("planet.tasks", "cartpole")));
        assertTrue(thrown.getMessage().startsWith("Setting planet.tasks of preset smoke") && thrown.getMessage().contains("not 'cartpole'"), thrown.getMessage());
    }

    @Test
    void keysDependOnWhatDecidesTheResultAndNothingElse() {
        Preset preset = Preset.named("smoke");
        PlanetRow row = row(preset, Dynamics.RSSM);
        String key = key(preset, row);
        assertEquals(key, key(preset.with("planet.otherEpisodes", "9").with("planet.evaluationEpisodes", "1"), row));
        assertNotEquals(key, key(preset.with("planet.freeNats", "1"), row));
        assertNotEquals(key, key(preset, row(preset, Dynamics.SSM)));
    }

    private static Preset tiny() {
        Assumptions.assumeTrue(MuJoCo.isAvailable() && OffscreenGl.problem() == null, "MuJoCo draws here");
        return reduced();
    }

    private static Preset reduced() {
        Preset preset = Preset.named("smoke");
        for (Map.Entry<String, String> change : Map.of("planet.episodes", "3", "planet.updates", "2", "planet.steps", "160", "planet.batch", "2",
                "planet.simulatorEpisodes", "1", "planet.candidates", "20", "planet.elites", "4", "planet.channels", "4").entrySet()) {
            preset = preset.with(change.getKey(), change.getValue());
        }
        return preset;
    }

    /** Weights and what the stage remembers, without optimiser and recorded episodes. */
    @Test
    void whatIsKeptOfALearnedModelPlaysAndForeseesAsTheModelItself(@TempDir Path elsewhere) throws IOException {
        Preset preset = tiny();
        PlanetRow row = row(preset, Dynamics.SSM);
        Evaluation first;
        byte[][] foreseen;
        String folder;
        try (PlanetExperiment experiment = PlanetExperiment.open(preset, work)) {
            first = experiment.evaluation(row, Progress.NONE);
            foreseen = experiment.foresight(row, 5, 20, Progress.NONE).predicted();
            Stage learned = experiment.stages().learning(row);
            folder = learned.folder().getFileName().toString();
            KeptStages.copy(learned, Files.createDirectories(elsewhere.resolve(folder)));
        }
        assertTrue(Files.size(elsewhere.resolve(folder).resolve("planet.safetensors")) < 0.4 * Files.size(work.resolve(folder).resolve("planet.safetensors")));
        try (PlanetExperiment again = PlanetExperiment.open(preset, elsewhere)) {
            assertEquals(first, again.evaluation(row, Progress.NONE));
            assertArrayEquals(foreseen, again.foresight(row, 5, 20, Progress.NONE).predicted());
        }
        assertFalse(Files.exists(elsewhere.resolve(folder).resolve("episodes")), "nothing was learned again");
    }

    @Test
    void learnsAndIsTriedOnUnseenEpisodes() {
        Preset preset = tiny();
        PlanetRow row = row(preset, Dynamics.RSSM);
        try (PlanetExperiment experiment = PlanetExperiment.open(preset, work)) {
            Evaluation evaluation = experiment.evaluation(row, Progress.NONE);
            assertEquals(2, evaluation.episodes().size());
            assertTrue(evaluation.episodes().stream().allMatch(e -> TrackSeeds.of(e.track()) == TrackSeeds.TEST && e.steps() == 160));
            // Three episodes of 160 control steps.
            assertEquals(480, experiment.stages().learning(row).environmentSteps());
            assertEquals(3, experiment.log(row).rows().getLast().episodes());
            assertEquals(20, experiment.foresight(row, 5, 99, Progress.NONE).real().length);
            assertTrue(experiment.evaluationOfSimulator(ControlTask.CARTPOLE_SWINGUP, Progress.NONE).summary().mean() > 0);
            assertEquals(2, experiment.evaluationOfRandomActions(ControlTask.CARTPOLE_SWINGUP, Progress.NONE).episodes().size());
        }
    }

    @Test
    void aKeptModelIsTriedInAnotherWayWithoutLearningAgain() throws IOException {
        Preset preset = tiny();
        PlanetRow row = row(preset, Dynamics.RSSM);
        try (PlanetExperiment experiment = PlanetExperiment.open(preset, work)) {
            Acting learnedWith = experiment.settings().acting();
            CrossEntropyPlanner.Settings planner = learnedWith.planner();
            Acting shortSighted = new Acting(new CrossEntropyPlanner.Settings(2, planner.iterations(), planner.candidates(), planner.elites()), learnedWith.imagining(), 0);
            Acting noisy = new Acting(planner, learnedWith.imagining(), 0.5);
            Evaluation first = experiment.evaluation(row, Progress.NONE);
            FileTime learned = Files.getLastModifiedTime(experiment.stages().learning(row).folder().resolve("planet.safetensors"));
            assertEquals(first, experiment.evaluation(row, learnedWith, Progress.NONE));
            assertNotEquals(first, experiment.evaluation(row, shortSighted, Progress.NONE));
            assertNotEquals(first, experiment.evaluation(row, noisy, Progress.NONE));
            assertEquals(learned, Files.getLastModifiedTime(experiment.stages().learning(row).folder().resolve("planet.safetensors")));
            List<String> keys = Stream.of(learnedWith, shortSighted, noisy).map(acting -> experiment.stages().evaluation(row, acting).key()).toList();
            assertEquals(3, Set.copyOf(keys).size(), "each way is a stage of its own: " + keys);
            assertEquals(new Stage(work, "planet-evaluation-cartpole-swingup-rssm-1", Map.of("planet.evaluationEpisodes", "2"),
                    List.of(experiment.stages().learning(row))).key(), keys.getFirst(), "the settings that it learned with are in the model's key already");
        }
    }

    @Test
    void aTaskOfOnesOwnIsLearnedAndTried() {
        PlanetRow row = new PlanetRow(new CarRacingPixels(4, 80), Dynamics.RSSM, 1);
        try (PlanetExperiment experiment = PlanetExperiment.open(reduced().with("planet.otherEpisodes", "3"), work)) {
            Evaluation evaluation = experiment.evaluation(row, Progress.NONE);
            assertEquals(2, evaluation.episodes().size());
            assertTrue(evaluation.episodes().stream().allMatch(e -> TrackSeeds.of(e.track()) == TrackSeeds.TEST && e.steps() == 80 && e.score() != 0));
            assertEquals(240, experiment.stages().learning(row).environmentSteps());
            assertEquals("planet-car-racing-80-steps-actions-repeated-4-times-rssm-1", experiment.stages().learning(row).name());
            PlanetRow held = new PlanetRow(new CarRacingPixels(8, 80), Dynamics.RSSM, 1);
            assertNotEquals(experiment.stages().learning(row).key(), experiment.stages().learning(held).key());
        }
    }

    @Test
    void rowsThatLearnSideBySideAreThoseThatLearnAlone(@TempDir Path elsewhere) {
        Preset preset = tiny().with("planet.seeds", "2");
        List<PlanetRow> rows = PlanetStudy.of(preset).rows().subList(0, 3);
        List<Long> shown = Collections.synchronizedList(new ArrayList<>());
        try (PlanetExperiment together = PlanetExperiment.open(preset, work); PlanetExperiment alone = PlanetExperiment.open(preset, elsewhere)) {
            int threads = Compute.describe().threads();
            List<LearnedPlanet> learned = together.learn(rows, new Shown(shown));
            assertEquals(List.of(6L, 6L), List.of(shown.getFirst(), shown.getLast()), "updates in all, and at the end");
            assertEquals(threads, Compute.describe().threads());
            for (LearnedPlanet planet : learned) {
                assertEquals(Made.by(alone.learn(planet.row(), Progress.NONE).stage()), Made.by(planet.stage()), planet.row().toString());
            }
        }
    }

    @Test
    void interruptStopsAllRowsAndLeavesTheirCheckpoints() throws InterruptedException {
        Preset preset = tiny().with("planet.episodes", "400");
        List<PlanetRow> rows = PlanetStudy.of(preset).rows().subList(0, 2);
        try (PlanetExperiment experiment = PlanetExperiment.open(preset, work)) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread learning = Thread.ofPlatform().start(() -> {
                try {
                    experiment.learn(rows, Progress.NONE);
                } catch (RuntimeException e) {
                    thrown.set(e);
                }
            });
            while (rows.stream().anyMatch(row -> experiment.log(row).rows().isEmpty()) && learning.isAlive()) {
                Thread.sleep(20);
            }
            learning.interrupt();
            learning.join();
            assertInstanceOf(StoppedException.class, thrown.get());
            assertTrue(rows.stream().noneMatch(row -> experiment.stages().learning(row).isFinished()));
        }
    }

    /** The total, then what is completed. */
    private record Shown(List<Long> numbers) implements Progress {

        @Override
        public void start(String work, long total, String unit) {
            numbers.add(total);
        }

        @Override
        public void at(long completed, String note) {
            numbers.add(completed);
        }

        @Override
        public void done(String note) {}
    }

    private static PlanetRow row(Preset preset, Dynamics kind) {
        return PlanetStudy.of(preset).rows(ControlTask.CARTPOLE_SWINGUP, kind).getFirst();
    }

    private String key(Preset preset, PlanetRow row) {
        try (PlanetExperiment experiment = PlanetExperiment.open(preset, work)) {
            return experiment.stages().learning(row).key();
        }
    }
}
