package worldmodels.study.carracing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import worldmodels.controller.Features;
import worldmodels.evaluation.Evaluation;
import worldmodels.report.KeptStages;
import worldmodels.run.KitException;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Stage;

/** The kept agents of the World Models table on the test tracks again, without training: whether a table can be made again to the last digit. */
public final class Reevaluation {

    private Reevaluation() {}

    /** The agents of one row: {@code again} beside {@code kept}, the episodes of the table. */
    public record Row(String agent, Evaluation again, Evaluation kept) {

        /** Whether every episode has the very same score and length. */
        public boolean isIdentical() {
            return again.equals(kept);
        }

        @Override
        public String toString() {
            String same = isIdentical() ? "identical in all " + kept.episodes().size() + " episodes"
                    : String.format(Locale.ROOT, "NOT identical: the table says %s", kept.summary());
            return String.format(Locale.ROOT, "%-14s %s  %s", agent, again.summary(), same);
        }
    }

    /**
     * Drives the test tracks again with the kept V, M and C of every agent of the World Models table, without training.
     *
     * @param kept    the folder with a folder for each kept stage
     * @param scratch an empty folder to work in
     * @throws KitException if an agent of these settings is not there
     */
    public static List<Row> driveAgain(Preset preset, Path kept, Path scratch, Progress progress) {
        List<Row> rows = new ArrayList<>();
        try (CarRacingExperiment experiment = CarRacingExperiment.open(preset, scratch)) {
            for (Features features : Features.values()) {
                List<Stage> evaluations = experiment.evaluationStages(features);
                evaluations.stream().flatMap(evaluation -> evaluation.ancestry().stream())
                        .filter(stage -> !evaluations.contains(stage) && !KeptStages.isData(stage))
                        .forEach(stage -> KeptStages.putBack(stage, kept));
                List<Evaluation> seeds = evaluations.stream()
                        .map(stage -> Evaluation.keptBy(stage.in(kept))).toList();
                rows.add(new Row(features.label(), experiment.evaluation(features, progress), Evaluation.together(seeds)));
            }
        }
        return rows;
    }
}
