package worldmodels.study.panda;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import worldmodels.env.panda.PandaControl;
import worldmodels.run.Preset;
import worldmodels.run.Settings;
import worldmodels.run.Stage;

/**
 * The stages of the grid: what decides the result of each.
 *
 * @param preset whose settings they are
 * @param study  what it says of the grid
 * @param work   the folder of all stages
 */
public record PandaStages(Preset preset, PandaStudy study, Path work) {

    /** Of a row's agent. */
    public Stage learning(PandaRow row, long seed) {
        SortedMap<String, String> settings = Settings.text(row.relabelling().applied(preset), row.algorithm().settings());
        settings.putAll(preset.section("panda.steps", "panda.testEvery", "panda.version"));
        settings.put("algorithm", row.algorithm().name());
        settings.put("task", row.task().toString());
        settings.put("training seed", String.valueOf(seed));
        return stage("panda-" + row.word() + "-" + seed, settings, List.of());
    }

    /** Of its trial. */
    public Stage evaluation(PandaRow row, long seed) {
        return stage("panda-evaluation-" + row.word() + "-" + seed, preset.section("panda.evaluationEpisodes"), List.of(learning(row, seed)));
    }

    /** Of random actions. */
    public Stage random(PandaTask task) {
        return yardstick("random", task);
    }

    /** Of the proportional controller. */
    public Stage proportional(PandaTask task) {
        return yardstick("proportional", task);
    }

    private Stage yardstick(String name, PandaTask task) {
        SortedMap<String, String> settings = preset.section("seed", "panda.evaluationEpisodes", "panda.version");
        settings.put("task", task.toString());
        String word = (name + "-" + task.control() + "-" + task.reward()).toLowerCase(Locale.ROOT).replace('_', '-');
        return stage("panda-" + word, settings, List.of());
    }

    /** The trials of all of a row's training seeds. */
    public List<Stage> evaluations(PandaRow row) {
        return study.trainingSeeds().stream().map(seed -> evaluation(row, seed)).toList();
    }

    /** Of all that does not learn. */
    public List<Stage> ofYardsticks() {
        return study.tasks().stream().flatMap(task -> task.control() == PandaControl.END_EFFECTOR ? Stream.of(random(task), proportional(task))
                : Stream.of(random(task))).toList();
    }

    /** All that the grid's table comes from. */
    public List<Stage> ofGrid() {
        List<Stage> stages = new ArrayList<>();
        study.rows().forEach(row -> stages.addAll(evaluations(row)));
        return stages;
    }

    Stage stage(String name, Map<String, String> settings, List<Stage> inputs) {
        return new Stage(work, name, settings, inputs);
    }
}
