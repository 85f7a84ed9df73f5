package worldmodels.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.env.control.ControlTask;
import worldmodels.env.mujoco.MuJoCo;
import worldmodels.env.mujoco.OffscreenGl;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.planet.Dynamics;
import worldmodels.run.KitException;
import worldmodels.run.Progress;

class PlanetExperimentTest {

    @TempDir
    Path work;

    @Test
    void rowsAreTheTasksWithTheirDynamicsAndSeeds() {
        Preset preset = Preset.named("paper").with("planet.tasks", "walker_walk, finger_spin").with("planet.otherDynamics", "RSSM")
                .with("planet.seeds", "2");
        List<PlanetRow> rows = new PlanetPreset(preset).rows();
        assertEquals(List.of("walker-walk-rssm-1", "walker-walk-rssm-2", "walker-walk-ssm-1", "walker-walk-rnn-1", "finger-spin-rssm-1"),
                rows.stream().map(PlanetRow::word).toList());
    }

    @Test
    void wrongNameIsAClearError() {
        KitException thrown = assertThrows(KitException.class,
                () -> new PlanetPreset(Preset.named("smoke").with("planet.tasks", "cartpole")).tasks());
        assertTrue(thrown.getMessage().contains("planet.tasks names cartpole; choose from cartpole_swingup"), thrown.getMessage());
    }

    @Test
    void keysDependOnWhatDecidesTheResultAndNothingElse() {
        PlanetRow row = new PlanetRow(ControlTask.CARTPOLE_SWINGUP, Dynamics.RSSM, 1);
        Preset preset = Preset.named("smoke");
        String key = key(preset, row);
        assertEquals(key, key(preset.with("planet.otherEpisodes", "9").with("planet.evaluationEpisodes", "1"), row));
        assertNotEquals(key, key(preset.with("planet.freeNats", "1"), row));
        assertNotEquals(key, key(preset, new PlanetRow(ControlTask.CARTPOLE_SWINGUP, Dynamics.SSM, 1)));
    }

    private static Preset tiny() {
        Assumptions.assumeTrue(MuJoCo.isAvailable() && OffscreenGl.problem() == null, "MuJoCo draws here");
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
        PlanetRow row = new PlanetRow(ControlTask.CARTPOLE_SWINGUP, Dynamics.SSM, 1);
        Evaluation first;
        byte[][] foreseen;
        String folder;
        try (PlanetExperiment experiment = PlanetExperiment.open(preset, work)) {
            first = experiment.evaluation(row, Progress.NONE);
            foreseen = experiment.foresight(row, 5, 20, Progress.NONE).predicted();
            Stage learned = experiment.learningStage(row);
            folder = learned.folder().getFileName().toString();
            KeptStages.copy(learned.folder(), Files.createDirectories(elsewhere.resolve(folder)));
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
        PlanetRow row = new PlanetRow(ControlTask.CARTPOLE_SWINGUP, Dynamics.RSSM, 1);
        try (PlanetExperiment experiment = PlanetExperiment.open(preset, work)) {
            Evaluation evaluation = experiment.evaluation(row, Progress.NONE);
            assertEquals(2, evaluation.episodes().size());
            assertTrue(evaluation.episodes().stream().allMatch(e -> TrackSeeds.of(e.track()) == TrackSeeds.TEST && e.steps() == 160));
            // Three episodes of 160 control steps.
            assertEquals(480, experiment.learningStage(row).environmentSteps());
            assertEquals(3, experiment.log(row).rows().getLast().episodes());
            assertEquals(20, experiment.foresight(row, 5, 99, Progress.NONE).real().length);
            assertTrue(experiment.evaluationOfSimulator(ControlTask.CARTPOLE_SWINGUP, Progress.NONE).summary().mean() > 0);
            assertEquals(2, experiment.evaluationOfRandomActions(ControlTask.CARTPOLE_SWINGUP, Progress.NONE).episodes().size());
        }
    }

    private String key(Preset preset, PlanetRow row) {
        try (PlanetExperiment experiment = PlanetExperiment.open(preset, work)) {
            return experiment.learningStage(row).key();
        }
    }
}
