package worldmodels.study.carracing;

import java.nio.file.Path;
import java.util.List;
import worldmodels.evaluation.Evaluation;
import worldmodels.report.Reevaluated;
import worldmodels.run.KitException;
import worldmodels.run.Preset;
import worldmodels.run.Progress;

/** The kept agents of the World Models table on the test tracks again, without training. */
public final class Reevaluation {

    private Reevaluation() {}

    /**
     * Drives the test tracks again with the kept V, M and C of every agent of the World Models table.
     *
     * @param kept    the folder with a folder for each kept stage; a row that is not there is left out
     * @param scratch an empty folder to work in
     * @throws KitException if a row is there, but not whole
     */
    public static List<Reevaluated> driveAgain(Preset preset, Path kept, Path scratch, Progress progress) {
        try (CarRacingExperiment experiment = CarRacingExperiment.open(preset, scratch); WorldModelsRows rows = new WorldModelsRows(experiment)) {
            return rows.rows().stream().flatMap(row -> Reevaluated.ifKept(row.label(preset), rows.stages(row), kept, Evaluation::keptBy,
                    () -> rows.evaluation(row, progress)).stream()).toList();
        }
    }
}
