package worldmodels.notebook;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import worldmodels.report.Reevaluated;
import worldmodels.report.ResultsFolder;
import worldmodels.run.KitException;
import worldmodels.run.Preset;
import worldmodels.run.WorkFolder;
import worldmodels.study.carracing.Reevaluation;
import worldmodels.study.dream.IterativeTraining;
import worldmodels.study.panda.PandaExperiment;
import worldmodels.study.panda.ReachExperiment;
import worldmodels.study.ppo.PpoExperiment;

/** Drives the agents of the chosen preset's kept stages again and prints a line for each agent; run.sh calls it for {@code --only evaluate}. */
public final class Reevaluate {

    private Reevaluate() {}

    /** Ends with an exception, and so with status 1, if an episode differs or there is nothing to evaluate. */
    public static void main(String[] arguments) {
        Preset preset = Preset.chosen();
        try (WorkFolder.Scratch scratch = WorkFolder.scratch()) {
            Path kept = ResultsFolder.of(preset).stages();
            List<Reevaluated> rows = new ArrayList<>(Reevaluation.driveAgain(preset, kept, scratch.path(), Notebook.progress()));
            rows.addAll(IterativeTraining.driveAgain(preset, kept, scratch.path(), Notebook.progress()));
            rows.addAll(PandaExperiment.reachAgain(preset, kept, scratch.path(), Notebook.progress()));
            rows.addAll(ReachExperiment.reachAgain(preset, kept, scratch.path(), Notebook.progress()));
            rows.addAll(PpoExperiment.driveAgain(preset, kept, scratch.path(), Notebook.progress()));
            if (rows.isEmpty()) {
                throw new KitException("No agent of these settings is kept in " + kept + "; make some with environment/run.sh or choose a preset whose agents are kept (laptop).");
            }
            rows.forEach(System.out::println);
            if (!rows.stream().allMatch(Reevaluated::isIdentical)) {
                throw new KitException("Not every episode is the one in the table.");
            }
        } catch (KitException e) {
            System.err.println(e.getMessage());
            throw e;
        }
    }
}
