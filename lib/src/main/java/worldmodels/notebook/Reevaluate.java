package worldmodels.notebook;

import java.util.List;
import worldmodels.experiment.CarRacingExperiment;
import worldmodels.experiment.Preset;
import worldmodels.report.KeptWeights;
import worldmodels.report.ResultsFolder;
import worldmodels.run.KitException;

/** Drives the chosen preset's {@link KeptWeights} again and prints a line for each agent; run.sh calls it for {@code --only evaluate}. */
public final class Reevaluate {

    private Reevaluate() {}

    /** Ends with an exception, and so with status 1, if an episode differs or there is nothing to evaluate. */
    public static void main(String[] arguments) {
        try (CarRacingExperiment experiment = CarRacingExperiment.open(Preset.chosen())) {
            List<KeptWeights.Row> rows = KeptWeights.driveAgain(experiment, ResultsFolder.of(experiment.preset()).path(), Notebook.progress());
            rows.forEach(System.out::println);
            if (!rows.stream().allMatch(KeptWeights.Row::isIdentical)) {
                throw new KitException("Not every episode is the one in the table.");
            }
        } catch (KitException e) {
            System.err.println(e.getMessage());
            throw e;
        }
    }
}
