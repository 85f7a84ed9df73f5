package worldmodels.study.panda;

import static worldmodels.report.Numbers.format;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import worldmodels.env.panda.PandaControl;
import worldmodels.evaluation.Summary;
import worldmodels.nn.LearningCurve;
import worldmodels.report.Columns;
import worldmodels.report.Numbers;
import worldmodels.report.PublishedNumbers;
import worldmodels.report.ResultTable;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Stage;

/**
 * The thesis' table 3 with what others report and what the preset's grid reaches, the grid with every training seed, and when each cell passes a
 * share of successes. Success is a tool within 5 cm of its goal at the episode's end; a V3 episode ends there, so its success is being there at all.
 */
public final class PandaTables {

    private static final String PUBLISHED = "panda";
    /** The thesis' shares for TD3 and SAC, and what counts as solved here. */
    private static final int[] MARKS = {65, 85, 95};

    private PandaTables() {}

    /** Published rows as they are given, the yardsticks, and the grid. Learns and tries whatever the preset names and has not been yet. */
    public static ResultTable table3(PandaExperiment experiment, Progress progress) {
        Columns columns = new Columns("agent", "control", "reward", "version", "steps learned from", "success, %", "return", "n", "source");
        for (Map<String, String> row : PublishedNumbers.asGiven(PUBLISHED)) {
            columns.add(row.values().stream().map(cell -> cell.isEmpty() ? Numbers.ABSENT : cell).toList());
        }
        for (PandaTask task : experiment.settings().tasks()) {
            ours(columns, "Random actions", task, 0, experiment, experiment.evaluationOfRandomActions(task, progress));
            if (task.control() == PandaControl.END_EFFECTOR) {
                ours(columns, "Proportional controller, gain 20", task, 0, experiment, experiment.evaluationOfProportional(task, progress));
            }
        }
        for (PandaRow row : experiment.settings().rows()) {
            ours(columns, row.algorithm() + (row.relabelling() == Relabelling.NONE ? "" : " with hindsight"), row.task(), experiment.settings().steps(),
                    experiment, experiment.evaluation(row, progress));
        }
        for (PandaTask task : experiment.ppo().tasks()) {
            ours(columns, PandaPpo.NAME, task, experiment.ppo().steps(), experiment, experiment.ppo().evaluation(task, progress));
        }
        return columns.table("Panda reach, published and here (preset " + experiment.preset().name() + "), ours with 95 % interval on goals that nothing was"
                + " learned from; a return of V2 sums 50 steps, one of V3 ends at success");
    }

    /** What does not learn, by its name. */
    public static ResultTable yardsticks(Preset preset, Map<String, Reaches> byName) {
        Columns columns = new Columns("who", "success, %", "there at all, %", "steps until there", "return, sparse");
        new TreeMap<>(byName).forEach((name, reaches) -> columns.add(name, text(reaches.success(), "%.0f"), text(reaches.reached(), "%.0f"),
                reaches.stepsToSuccess().map(steps -> text(steps, "%.1f")).orElse(Numbers.ABSENT), text(reaches.returns(), "%.2f")));
        return columns.table(format("Without learning, %s, %s episodes each with 95 %% interval", preset.text("panda.version"), preset.text("panda.evaluationEpisodes")));
    }

    private static void ours(Columns columns, String agent, PandaTask task, int steps, PandaExperiment experiment, Reaches reaches) {
        Summary success = reaches.success();
        columns.add(agent + ", here", task.controlled(), task.rewarded(), experiment.settings().version() + " (50 steps always)", String.valueOf(steps),
                text(success, "%.0f"), text(reaches.returns(), "%.2f"), format("%d (%d seeds)", success.n(), success.k()), "this kit");
    }

    /** The grid alone: what each cell reaches, in how many steps, and every seed's success. */
    public static ResultTable grid(PandaExperiment experiment, Progress progress) {
        Columns columns = new Columns("algorithm", "control", "reward", "hindsight", "steps learned from", "success, %", "there at all, %",
                "steps until there", "return", "success of each seed, %");
        for (PandaRow row : experiment.settings().rows()) {
            cell(columns, row.algorithm().name(), row.task(), experiment.settings().steps(), yesOrNo(row),
                    experiment.learn(List.of(row), progress).stream().map(agent -> experiment.evaluation(agent, progress)).toList());
        }
        for (PandaTask task : experiment.ppo().tasks()) {
            cell(columns, PandaPpo.NAME, task, experiment.ppo().steps(), "no", experiment.ppo().evaluations(task, progress));
        }
        Summary any = experiment.evaluation(experiment.settings().rows().getFirst(), progress).success();
        return columns.table(format("The grid, preset %s, %s: mean and 95 %% interval, %d episodes of %d training seeds", experiment.preset().name(),
                experiment.settings().version(), any.n(), any.k()));
    }

    private static void cell(Columns columns, String algorithm, PandaTask task, int steps, String hindsight, List<Reaches> bySeed) {
        Reaches all = Reaches.together(bySeed);
        columns.add(algorithm, task.controlled(), task.rewarded(), hindsight, format("%,d", steps), text(all.success(), "%.0f"), text(all.reached(), "%.0f"),
                all.stepsToSuccess().map(until -> text(until, "%.1f")).orElse(Numbers.ABSENT), text(all.returns(), "%.2f"),
                bySeed.stream().map(seed -> format("%.0f", seed.success().mean())).collect(Collectors.joining(", ")));
    }

    private static String yesOrNo(PandaRow row) {
        return row.relabelling() == Relabelling.FUTURE ? "yes" : "no";
    }

    /** The first point of the learning curve at which the seeds' mean success passes a mark. */
    public static ResultTable marks(PandaExperiment experiment, Progress progress) {
        Columns columns = new Columns(Stream.concat(Stream.of("algorithm", "task", "hindsight"), Arrays.stream(MARKS).mapToObj(mark -> mark + " %")).toList());
        for (PandaRow row : experiment.settings().rows()) {
            columns.add(marks(row.algorithm().name(), row.task(), yesOrNo(row), experiment.settings().steps(),
                    experiment.learn(List.of(row), progress).stream().map(LearnedReach::successes).toList()));
        }
        for (PandaTask task : experiment.ppo().tasks()) {
            columns.add(marks(PandaPpo.NAME, task, "no", experiment.ppo().steps(), experiment.ppo().successes(task, progress)));
        }
        return columns.table(format("Steps until the mean success of the test episodes (%s a seed; PPO: %d) first passes the thesis' shares (TD3 65 %%, SAC 85 %%),"
                + " preset %s", experiment.preset().text("rl.tests"), PandaPpo.TESTS, experiment.preset().name()));
    }

    private static List<String> marks(String algorithm, PandaTask task, String hindsight, int steps, List<LearningCurve> curves) {
        List<String> cells = new ArrayList<>(List.of(algorithm, task.toString(), hindsight));
        boolean isKnown = curves.stream().noneMatch(curve -> curve.points().isEmpty());
        for (int mark : MARKS) {
            OptionalLong at = isKnown ? passes(curves, mark) : OptionalLong.empty();
            cells.add(at.isPresent() ? format("%,d", at.getAsLong()) : isKnown ? "not in " + format("%,d", steps) : Numbers.ABSENT);
        }
        return cells;
    }

    /** Steps at the first point where the mean of the test episodes' successes is at least a share, in per cent. */
    static OptionalLong passes(List<LearningCurve> curves, double mark) {
        List<LearningCurve.Point> first = curves.getFirst().points();
        return IntStream.range(0, first.size())
                .filter(i -> 100 * curves.stream().mapToDouble(curve -> curve.points().get(i).validation()).average().orElseThrow() >= mark)
                .mapToLong(i -> first.get(i).step()).findFirst();
    }

    private static String text(Summary s, String number) {
        return format(number + " [" + number + ", " + number + "]", s.mean(), s.low(), s.high());
    }

    /** The stages that the tables' own rows came from. */
    public static Stage[] stages(PandaExperiment experiment) {
        List<Stage> stages = new ArrayList<>(experiment.stages().ofYardsticks());
        stages.addAll(experiment.stages().ofGrid());
        experiment.ppo().tasks().forEach(task -> stages.addAll(experiment.ppo().evaluations(task)));
        return stages.toArray(Stage[]::new);
    }
}
