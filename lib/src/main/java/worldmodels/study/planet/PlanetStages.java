package worldmodels.study.planet;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import worldmodels.env.control.ControlTask;
import worldmodels.planet.Acting;
import worldmodels.planet.CrossEntropyPlanner;
import worldmodels.planet.FirstWeights;
import worldmodels.planet.PlanetSettings;
import worldmodels.planet.PlanetSizes;
import worldmodels.run.Preset;
import worldmodels.run.Settings;
import worldmodels.run.Stage;

/**
 * The stages of PlaNet's study: what decides the result of each.
 *
 * @param preset whose settings they are
 * @param study  these settings
 * @param work   the folder of all stages
 */
public record PlanetStages(Preset preset, PlanetStudy study, Path work) {

    /** Of a row's model. */
    public Stage learning(PlanetRow row) {
        SortedMap<String, String> settings = Settings.text(preset, PlanetSizes.class, FirstWeights.class, PlanetSettings.class);
        settings.put("planet.steps", preset.text("planet.steps"));
        settings.put("planet.episodes", String.valueOf(study.episodes(row.task())));
        settings.put("task", row.task().name());
        settings.put("dynamics", row.dynamics().name());
        settings.put("training seed", String.valueOf(row.seed()));
        return stage("planet-" + row.word(), settings);
    }

    /** Of a row's trial. A model acts as it learned unless something else is asked for, which then makes another stage of the same model. */
    public Stage evaluation(PlanetRow row, Acting acting) {
        SortedMap<String, String> settings = preset.section("planet.evaluationEpisodes");
        if (!acting.equals(study.acting())) {
            settings.putAll(acting.text());
        }
        return stage("planet-evaluation-" + row.word(), settings, learning(row));
    }

    /** Of an episode that a row's model is shown on. */
    Stage watched(PlanetRow row) {
        return stage("planet-watched-" + row.word(), Map.of(), learning(row));
    }

    /** Of planning with the true dynamics. */
    public Stage simulator(ControlTask task) {
        return simulator(task, study.learning().planner(), study.simulatorEpisodes());
    }

    /** And with another planner. */
    public Stage simulator(ControlTask task, CrossEntropyPlanner.Settings planner, int episodes) {
        SortedMap<String, String> settings = preset.section("seed", "planet.steps");
        settings.put("planet.simulatorEpisodes", String.valueOf(episodes));
        settings.putAll(Settings.text(planner));
        settings.put("task", task.id());
        return stage("planet-simulator-" + task.id().replace('_', '-'), settings);
    }

    /** Of random actions. */
    public Stage random(ControlTask task) {
        SortedMap<String, String> settings = preset.section("seed", "planet.evaluationEpisodes", "planet.steps");
        settings.put("task", task.id());
        return stage("planet-random-" + task.id().replace('_', '-'), settings);
    }

    /** All that the preset's table comes from. */
    public List<Stage> ofTable() {
        List<Stage> stages = new ArrayList<>();
        for (ControlTask task : study.tasks()) {
            stages.add(random(task));
            stages.add(simulator(task));
        }
        study.rows().forEach(row -> stages.add(evaluation(row, study.acting())));
        return stages;
    }

    private Stage stage(String name, Map<String, String> settings, Stage... inputs) {
        return new Stage(work, name, settings, List.of(inputs));
    }
}
