package worldmodels.study.carracing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import worldmodels.evaluation.Evaluation;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Settings;
import worldmodels.run.Settings.Section;
import worldmodels.run.Stage;

/** The rows that a preset has in its World Models table, with the experiment of each: ablations stand beside the experiment that they are one of. */
public final class WorldModelsRows implements AutoCloseable {

    /** The late phase's row is left out where the preset has none. */
    @Section("evaluation")
    record Chosen(List<WorldModelsRow> rows) {}

    private final CarRacingExperiment experiment;
    private final SequencedMap<WorldModelsRow, CarRacingExperiment> experiments = new LinkedHashMap<>();

    /** @param experiment stays the caller's */
    public WorldModelsRows(CarRacingExperiment experiment) {
        this.experiment = experiment;
        Preset preset = experiment.preset();
        for (WorldModelsRow row : of(preset)) {
            experiments.put(row, row.of(preset).equals(preset) ? experiment : experiment.beside(row.of(preset)));
        }
    }

    static List<WorldModelsRow> of(Preset preset) {
        return Settings.of(preset, Chosen.class).rows.stream()
                .filter(row -> row != WorldModelsRow.LATE || LatePhase.features(preset).contains(row.features())).distinct().toList();
    }

    /** From top to bottom. */
    public List<WorldModelsRow> rows() {
        return List.copyOf(experiments.keySet());
    }

    public CarRacingExperiment experiment() {
        return experiment;
    }

    /** All rows on the test tracks. */
    public SequencedMap<WorldModelsRow, Evaluation> evaluations(Progress progress) {
        SequencedMap<WorldModelsRow, Evaluation> evaluations = new LinkedHashMap<>();
        rows().forEach(row -> evaluations.put(row, evaluation(row, progress)));
        return evaluations;
    }

    /** One row on the test tracks. */
    Evaluation evaluation(WorldModelsRow row, Progress progress) {
        return row.evaluation(experiments.get(row), progress);
    }

    /** The stages of a row, one for each chain. */
    public List<Stage> stages(WorldModelsRow row) {
        return row.stages(experiments.get(row));
    }

    /** The stages of all rows. */
    public List<Stage> stages() {
        List<Stage> stages = new ArrayList<>();
        rows().forEach(row -> stages.addAll(stages(row)));
        return stages;
    }

    @Override
    public void close() {
        experiments.values().stream().filter(own -> own != experiment).forEach(CarRacingExperiment::close);
    }
}
