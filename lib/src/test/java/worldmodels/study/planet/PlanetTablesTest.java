package worldmodels.study.planet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.env.control.ControlTask;
import worldmodels.env.mujoco.MuJoCo;
import worldmodels.env.mujoco.OffscreenGl;
import worldmodels.planet.Dynamics;
import worldmodels.planet.Foresight;
import worldmodels.planet.LearningLog;
import worldmodels.planet.PlanCheck;
import worldmodels.report.Figure;
import worldmodels.report.PublishedNumbers;
import worldmodels.report.ResultTable;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Stage;

class PlanetTablesTest {

    @TempDir
    Path work;

    @Test
    void publishedRowsAreKeptAsGiven() {
        List<Map<String, String>> rows = PublishedNumbers.asGiven("planet");
        assertEquals(List.of("558", "862", "850", "821", "~600", "342", "506", "827", "837", ""), rows.stream().map(row -> row.get("cartpole_swingup")).toList());
        assertEquals("~0-400", rows.get(4).get("reacher_easy"));
        assertTrue(rows.stream().noneMatch(row -> row.get("source").isBlank()));
    }

    @Test
    void variantsAreLearnedWhenTheyAreAskedForAndTheTableSaysWhichWereNot() {
        Assumptions.assumeTrue(MuJoCo.isAvailable() && OffscreenGl.problem() == null, "MuJoCo draws here");
        Preset preset = Preset.named("smoke");
        for (Map.Entry<String, String> change : Map.of("planet.tasks", "cartpole_swingup", "planet.updates", "1", "planet.steps", "320", "planet.channels", "4",
                "planet.evaluationEpisodes", "1", "planet.variants", "BASE, ALL, JOINED").entrySet()) {
            preset = preset.with(change.getKey(), change.getValue());
        }
        VariantStudy study = new VariantStudy(preset.with("planet.chunk", "16").with("planet.allEpisodes", "4"), work);
        assertTrue(study.logs(PlanetVariant.ALL).getFirst().rows().isEmpty());
        // ALL has chunks of the preset and everything else that may be set.
        assertEquals(1, study.learn(PlanetVariant.ALL, Progress.NONE).episodes().size());
        String table = study.table().text();
        assertEquals(2, table.split("not learned yet", -1).length - 1, table);
        assertEquals(List.of(study.stages()), study.stages(PlanetVariant.ALL));
        assertEquals(4, study.logs(PlanetVariant.ALL).getFirst().rows().getLast().episodes());
        assertEquals("0.25", study.of(PlanetVariant.ALL).text("planet.decoded"));
        assertEquals("3", study.of(PlanetVariant.JOINED).text("planet.episodes"));
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
            VariantStudy variants = new VariantStudy(preset, work);
            String text = PlanetTables.returns(experiment, variants, Progress.NONE).text();
            assertTrue(text.contains("1,000,000") && text.contains("PlaNet with RNN, here") && text.contains("480"), text);
            assertTrue(text.contains("CEM + true simulator, here") && text.contains("(n 1, k 1)"), text);
            assertTrue(text.contains("PlaNet with RSSM, all named settings, here"), text);
            assertEquals(2 + 3 + 1, PlanetTables.stages(experiment, variants).length);

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
            assertTrue(PlanetTables.choices(preset).text().contains("half the squared distance"));

            PlanetRow rssm = experiment.settings().rows().getFirst();
            PlanetRow rnn = experiment.settings().rows().getLast();
            Foresight same = experiment.foresight(rnn, rssm, 3, 8, Progress.NONE);
            assertArrayEquals(foresight.real(), same.real(), "both are shown the same episode");
            assertTrue(PlanetFigures.strips(Map.of(Dynamics.RSSM, foresight, Dynamics.RNN, same), 2).image().getHeight() > 100);
            assertEquals(1, PlanetTables.acceptance(experiment.learn(rssm, Progress.NONE)).data().rowCount());
            String known = PlanetTables.knowledge(experiment, ControlTask.CARTPOLE_SWINGUP, Progress.NONE).text();
            assertTrue(known.contains("RSSM") && known.contains("SSM") && known.contains("RNN"), known);
            PlanCheck check = experiment.planCheck(ControlTask.CARTPOLE_SWINGUP, rssm, rssm, Progress.NONE);
            assertTrue(check.kept() > 0 && Math.abs(check.correlation()) <= 1 && check.action() <= 1, check.toString());
            assertEquals(8, experiment.forecast(rnn, rssm, Progress.NONE).errors().length);
            assertTrue(PlanetFigures.returns(experiment, variants, Progress.NONE).image().getWidth() > 100);

            ActingStudy acting = new ActingStudy(experiment, variants);
            assertEquals(1, acting.ceiling(Progress.NONE).data().rowCount());
            // The RNN has no noise to leave out.
            ResultTable ways = acting.ways(Progress.NONE);
            assertEquals(2 + 2 + 1 + 2, ways.data().rowCount());
            assertTrue(ways.text().contains("horizon 8, 1 x 10, as the others"), ways.text());
            assertEquals(1 + 5 + 2, acting.stages().length);
            assertTrue(Stream.of(acting.stages()).allMatch(Stage::isFinished));
        }
    }
}
