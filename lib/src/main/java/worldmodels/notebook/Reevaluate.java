package worldmodels.notebook;

import java.util.List;
import worldmodels.experiment.KeptStages;
import worldmodels.experiment.Preset;
import worldmodels.experiment.WorkFolder;
import worldmodels.report.ResultsFolder;
import worldmodels.run.KitException;

/** Drives the agents of the chosen preset's {@link KeptStages} again and prints a line for each agent; run.sh calls it for {@code --only evaluate}. */
public final class Reevaluate {

    private Reevaluate() {}

    /** Ends with an exception, and so with status 1, if an episode differs or there is nothing to evaluate. */
    public static void main(String[] arguments) {
        Preset preset = Preset.chosen();
        try (WorkFolder.Scratch scratch = WorkFolder.scratch()) {
            List<KeptStages.Row> rows = KeptStages.driveAgain(preset, ResultsFolder.of(preset).stages(), scratch.path(), Notebook.progress());
            rows.forEach(System.out::println);
            if (!rows.stream().allMatch(KeptStages.Row::isIdentical)) {
                throw new KitException("Not every episode is the one in the table.");
            }
        } catch (KitException e) {
            System.err.println(e.getMessage());
            throw e;
        }
    }
}
