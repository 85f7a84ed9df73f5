package worldmodels.study.ppo;

import static worldmodels.report.Numbers.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import worldmodels.controller.Features;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.Summary;
import worldmodels.report.Columns;
import worldmodels.report.Numbers;
import worldmodels.report.PublishedNumbers;
import worldmodels.report.ResultTable;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Stage;
import worldmodels.study.carracing.TrainedController;

/** PPO's table: our agents beside evolution on the same V and M, and what others have said of PPO on CarRacing. */
public final class PpoTables {

    private PpoTables() {}

    /**
     * Scores on the test tracks: ours with 95 % interval, SD, n episodes and k chains; others' as they gave them, with the conditions that are known. Single
     * runs of PPO differ by hundreds, so theirs stand as ranges.
     */
    public static ResultTable scores(PpoExperiment experiment, Progress progress) {
        Columns columns = new Columns("row", "seen", "environment steps", "score", "SD", "episodes", "seeds", "how known");
        Preset preset = experiment.preset();
        ours(columns, "Random actions", "nothing", 0, experiment.racing().evaluationOfRandomActions(progress), preset);
        List<TrainedController> evolved = experiment.racing().controllers(Features.Z_H, progress);
        ours(columns, "CMA-ES, linear C", "z and h", evolved.getFirst().stage().environmentSteps(), experiment.racing().evaluation(Features.Z_H, progress), preset);
        for (PpoRow row : experiment.rows()) {
            long steps = experiment.learned(row, progress).getFirst().stage().environmentSteps();
            ours(columns, row.label(), row.isOfPixels() ? "64 x 64 grey, " + preset.text("ppo.pixels.stack") + " pictures" : "z and h", steps,
                    experiment.evaluation(row, progress), preset);
        }
        for (Map<String, String> row : PublishedNumbers.asGiven("ppo")) {
            columns.add(row.get("row"), row.get("seen"), spaced(row.get("steps")), row.get("score"), Numbers.ABSENT, row.get("episodes"), row.get("seeds"),
                    row.get("how known"));
        }
        return columns.table("PPO and evolution on CarRacing " + experiment.racing().version() + ": score on unseen tracks, preset " + preset.name());
    }

    private static void ours(Columns columns, String row, String seen, long steps, Evaluation evaluation, Preset preset) {
        Summary s = evaluation.summary();
        columns.add(row + ", here", seen, format("%,d", steps), format("%.0f [%.0f, %.0f]", s.mean(), s.low(), s.high()), format("%.0f", s.sd()),
                String.valueOf(s.n()), String.valueOf(s.k()), "this kit, preset " + preset.name());
    }

    private static String spaced(String steps) {
        return steps.matches("\\d+") ? format("%,d", Long.parseLong(steps)) : steps;
    }

    /** What each agent's training took; its seeds' mean. */
    public static ResultTable times(PpoExperiment experiment, Progress progress) {
        Columns columns = new Columns("row", "environment steps", "hours", "steps per second");
        List<TrainedController> evolved = experiment.racing().controllers(Features.Z_H, progress);
        time(columns, "CMA-ES, linear C", evolved.stream().map(TrainedController::stage).toList());
        experiment.rows().forEach(row -> time(columns, row.label(), experiment.learned(row, progress).stream().map(LearnedPpo::stage).toList()));
        return columns.table("What learning took, mean of the seeds; where several learned side by side, each on its core");
    }

    private static void time(Columns columns, String row, List<Stage> stages) {
        double seconds = stages.stream().mapToDouble(Stage::seconds).average().orElseThrow();
        double steps = stages.stream().mapToLong(Stage::environmentSteps).average().orElseThrow();
        columns.add(row, format("%,.0f", steps), format("%.2f", seconds / 3600), format("%,.0f", steps / seconds));
    }

    /** Where the report leaves something open, and what the preset does. */
    public static ResultTable choices(Preset preset) {
        Columns columns = new Columns("what", "PPO report", "here");
        columns.add("temperature", "1.15 \"for sampling\"", preset.text("ppo.temperature") + ": the policy itself is π^(1/τ)");
        columns.add("attention in the critic", "claimed, no detail", preset.text("ppo.attention"));
        columns.add("policy", "3 means and 3 deviations", preset.text("ppo.policy"));
        columns.add("pictures on pixels", "1 by its 2,080 first weights", preset.text("ppo.pixels.stack"));
        columns.add("clip", "0.2", preset.text("ppo.clip"));
        columns.add("learning rate, discount, λ", "not given", Stream.of("ppo.learningRate", "ppo.discount", "ppo.lambda").map(preset::text).toList().toString()
                .replaceAll("[\\[\\]]", ""));
        columns.add("epochs, minibatch", "not given", preset.text("ppo.epochs") + ", " + preset.text("ppo.minibatch"));
        columns.add("lanes, horizon, action repeat", "not given", preset.text("ppo.lanes") + ", " + preset.text("ppo.horizon") + ", " + preset.text("ppo.repeat"));
        columns.add("environment steps", "not given", preset.text("ppo.steps"));
        return columns.table("What the PPO report leaves open, and what stands for it in preset " + preset.name());
    }

    /** The stages that the tables' own rows came from. */
    public static Stage[] stages(PpoExperiment experiment) {
        List<Stage> stages = new ArrayList<>();
        stages.add(experiment.racing().randomActionsStage());
        stages.addAll(experiment.racing().evaluationStages(Features.Z_H));
        experiment.rows().forEach(row -> stages.addAll(experiment.evaluationStages(row)));
        return stages.toArray(Stage[]::new);
    }
}
