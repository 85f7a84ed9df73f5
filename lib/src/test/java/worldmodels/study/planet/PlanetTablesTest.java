package worldmodels.study.planet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.env.control.ControlTask;
import worldmodels.env.mujoco.MuJoCo;
import worldmodels.env.mujoco.OffscreenGl;
import worldmodels.planet.Dynamics;
import worldmodels.planet.Foresight;
import worldmodels.planet.LearningLog;
import worldmodels.report.Figure;
import worldmodels.report.PublishedNumbers;
import worldmodels.run.Preset;
import worldmodels.run.Progress;

class PlanetTablesTest {

    @TempDir
    Path work;

    @Test
    void publishedRowsAreKeptAsGiven() {
        List<Map<String, String>> rows = PublishedNumbers.asGiven("planet");
        assertEquals(List.of("558", "862", "850", "821", "~600", ""), rows.stream().map(row -> row.get("cartpole_swingup")).toList());
        assertEquals("~0-400", rows.get(4).get("reacher_easy"));
        assertTrue(rows.stream().noneMatch(row -> row.get("source").isBlank()));
    }

    @Test
    void oursStandBesideThePublishedWithStepsCountedAlike() {
        Assumptions.assumeTrue(MuJoCo.isAvailable() && OffscreenGl.problem() == null, "MuJoCo draws here");
        Preset preset = Preset.named("smoke");
        for (Map.Entry<String, String> change : Map.of("planet.tasks", "cartpole_swingup", "planet.episodes", "3", "planet.updates", "1", "planet.steps", "160",
                "planet.batch", "2", "planet.iterations", "1", "planet.candidates", "10", "planet.elites", "4", "planet.channels", "4",
                "planet.evaluationEpisodes", "1").entrySet()) {
            preset = preset.with(change.getKey(), change.getValue());
        }
        try (PlanetExperiment experiment = PlanetExperiment.open(preset, work)) {
            String text = PlanetTables.returns(experiment, Progress.NONE).text();
            assertTrue(text.contains("1,000,000") && text.contains("PlaNet with RNN, here") && text.contains("480"), text);
            assertTrue(text.contains("CEM + true simulator, here") && text.contains("(n 1, k 1)"), text);
            assertEquals(2 + 3, PlanetTables.stages(experiment).length);

            Map<Dynamics, LearningLog> logs = new LinkedHashMap<>();
            for (PlanetRow row : experiment.settings().rows()) {
                LearnedPlanet learned = experiment.learn(row, Progress.NONE);
                logs.put(row.dynamics(), learned.log());
            }
            Foresight foresight = experiment.foresight(experiment.settings().rows().getFirst(), 3, 8, Progress.NONE);
            assertEquals(8, PlanetFigures.video(foresight).length());
            for (Figure figure : List.of(PlanetFigures.losses(logs), PlanetFigures.collected(logs),
                    PlanetFigures.returns(experiment, ControlTask.CARTPOLE_SWINGUP), PlanetFigures.strip("RSSM", foresight, 2), PlanetFigures.rewards(foresight))) {
                assertTrue(figure.image().getWidth() > 100);
            }
            assertFalse(PlanetTables.choices(preset).text().isBlank());
        }
    }
}
