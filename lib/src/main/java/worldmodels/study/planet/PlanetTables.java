package worldmodels.study.planet;

import static worldmodels.report.Numbers.format;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import worldmodels.env.control.ControlEnvironment;
import worldmodels.env.control.ControlTask;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.Summary;
import worldmodels.planet.Dynamics;
import worldmodels.report.Columns;
import worldmodels.report.Numbers;
import worldmodels.report.PublishedNumbers;
import worldmodels.report.ResultTable;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Stage;

/** PlaNet's table: what others have reached on the six tasks, and what the preset's models reach. */
public final class PlanetTables {

    private static final String PUBLISHED = "planet";

    private PlanetTables() {}

    /**
     * Mean returns, published and ours, with the episodes and control steps that each learned from, seed episodes and repetitions of actions counted.
     * Ours carry the 95 % interval, n episodes and k training seeds. Learns and tries whatever the preset names and has not been yet.
     */
    public static ResultTable returns(PlanetExperiment experiment, Progress progress) {
        Columns columns = new Columns(Stream.concat(Stream.of("row", "modality", "episodes", "environment steps"),
                Arrays.stream(ControlTask.values()).map(ControlTask::id)).toList());
        for (Map<String, String> row : PublishedNumbers.asGiven(PUBLISHED)) {
            long episodes = Long.parseLong(row.get("episodes"));
            List<String> cells = new ArrayList<>(List.of(row.get("row"), row.get("modality"), format("%,d", episodes),
                    format("%,d", episodes * ControlEnvironment.CONTROL_STEPS)));
            for (ControlTask task : ControlTask.values()) {
                cells.add(row.get(task.id()).isEmpty() ? Numbers.ABSENT : row.get(task.id()));
            }
            columns.add(cells);
        }
        List<ControlTask> tasks = experiment.settings().tasks();
        ours(columns, "Random actions, here", "none", "0", "0", tasks, task -> experiment.evaluationOfRandomActions(task, progress));
        ours(columns, "CEM + true simulator, here", "simulator state", "0", "0", tasks, task -> experiment.evaluationOfSimulator(task, progress));
        for (Dynamics dynamics : Dynamics.values()) {
            List<ControlTask> with = tasks.stream().filter(task -> experiment.settings().dynamics(task).contains(dynamics)).toList();
            if (!with.isEmpty()) {
                List<LearnedPlanet> learned = with.stream().map(task -> experiment.learn(experiment.settings().rows(task, dynamics).getFirst(), progress)).toList();
                ours(columns, "PlaNet with " + dynamics + ", here", "pixels", spoken(learned, l -> l.log().rows().getLast().episodes()),
                        spoken(learned, l -> l.log().rows().getLast().environmentSteps()), with,
                        task -> experiment.evaluation(task, dynamics, progress));
            }
        }
        Preset preset = experiment.preset();
        return columns.table("Mean return on control-suite tasks, preset " + preset.name() + ": episodes of " + preset.text("planet.steps")
                + " control steps; ours with 95 % interval (n episodes, k training seeds)");
    }

    /** The stages that the table's own rows came from. */
    public static Stage[] stages(PlanetExperiment experiment) {
        return experiment.stages().ofTable().toArray(Stage[]::new);
    }

    private static void ours(Columns columns, String row, String modality, String episodes, String steps, List<ControlTask> tasks,
            Function<ControlTask, Evaluation> evaluated) {
        List<String> cells = new ArrayList<>(List.of(row, modality, episodes, steps));
        for (ControlTask task : ControlTask.values()) {
            cells.add(tasks.contains(task) ? text(evaluated.apply(task).summary()) : Numbers.ABSENT);
        }
        columns.add(cells);
    }

    /** Mean, interval, n and k. */
    static String text(Summary s) {
        return format("%.0f [%.0f, %.0f] (n %d, k %d)", s.mean(), s.low(), s.high(), s.n(), s.k());
    }

    /** One number, or several where tasks differ. */
    private static String spoken(List<LearnedPlanet> learned, Function<LearnedPlanet, Number> of) {
        return learned.stream().map(of).map(Number::longValue).distinct().map(n -> format("%,d", n)).collect(Collectors.joining(" / "));
    }

    /** Where the two public versions of PlaNet differ, and what the preset follows. */
    public static ResultTable choices(Preset preset) {
        Columns columns = new Columns("what", "Google", "Kaixhin", "here");
        columns.add(List.of("loss of a picture", "-ln N(o; ô, 1)", "squared error, twice as much", preset.text("planet.imageLoss")));
        columns.add(List.of("loss of a reward", "-10 ln N(r; r̂, 1)", "squared error, a fifth as much", preset.text("planet.rewardScale")));
        columns.add(List.of("bits of a pixel", "5", "5", preset.text("planet.depth")));
        columns.add(List.of("free nats", "max(0, KL - 3)", "max(KL, 3), the same gradient", "max(0, KL - " + preset.text("planet.freeNats") + ")"));
        columns.add(List.of("reward network", "3 x 300", "2 x 200", preset.text("planet.rewardLayers") + " x " + preset.text("planet.rewardHidden")));
        columns.add(List.of("ball in cup, action repeat", "4", "6", "4"));
        return columns.table("Where the public versions of PlaNet differ, preset " + preset.name());
    }
}
