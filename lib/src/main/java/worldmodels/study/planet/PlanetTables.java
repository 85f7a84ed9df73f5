package worldmodels.study.planet;

import static worldmodels.report.Numbers.format;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import worldmodels.env.control.ControlEnvironment;
import worldmodels.env.control.ControlTask;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.Summary;
import worldmodels.planet.Dynamics;
import worldmodels.planet.LearningLog;
import worldmodels.planet.Losses;
import worldmodels.planet.PlanCheck;
import worldmodels.planet.RewardForecast;
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
    private static final int ACCEPTANCE_POINTS = 6;

    private PlanetTables() {}

    /**
     * Mean returns, published and ours, with the episodes and control steps that each learned from, seed episodes and repetitions of actions counted.
     * Ours carry the 95 % interval, n episodes and k training seeds. Learns and tries whatever the preset names and has not been yet, and all named settings.
     */
    public static ResultTable returns(PlanetExperiment experiment, VariantStudy variants, Progress progress) {
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
        Evaluation all = variants.learn(PlanetVariant.ALL, progress);
        LearningLog.Row last = variants.logs(PlanetVariant.ALL).getFirst().rows().getLast();
        ours(columns, "PlaNet with RSSM, " + PlanetVariant.ALL.label() + ", here", "pixels", format("%,d", last.episodes()), format("%,d", last.environmentSteps()),
                tasks.subList(0, 1), task -> all);
        Preset preset = experiment.preset();
        return columns.table("Mean return on control-suite tasks, preset " + preset.name() + ": episodes of " + preset.text("planet.steps")
                + " control steps; ours with 95 % interval (n episodes, k training seeds)");
    }

    /** The stages that the table's own rows came from. */
    public static Stage[] stages(PlanetExperiment experiment, VariantStudy variants) {
        return Stream.concat(experiment.stages().ofTable().stream(), variants.stages(PlanetVariant.ALL).stream()).toArray(Stage[]::new);
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

    /**
     * Is my run normal? A model's losses and returns as it learned, at some of the episodes that were followed by a test (of all, if there was one test), with
     * the hours that it took to there (the run's, in proportion to its updates).
     */
    public static ResultTable acceptance(LearnedPlanet learned) {
        Columns columns = new Columns("episodes", "hours", "divergence, nats", "pictures, squared error", "rewards, squared error", "return, with noise",
                "test return");
        List<LearningLog.Row> rows = learned.log().tested().size() > 1 ? learned.log().tested() : learned.log().rows();
        int points = Math.min(rows.size(), ACCEPTANCE_POINTS);
        long updates = rows.getLast().updates();
        for (int i = 1; i <= points; i++) {
            LearningLog.Row row = rows.get(rows.size() * i / points - 1);
            columns.add(String.valueOf(row.episodes()), format("%.2f", learned.stage().seconds() / 3600 * row.updates() / updates),
                    format("%.2f", row.losses().divergence()), format("%.1f", row.losses().observation()), format("%.3f", row.losses().reward()),
                    format("%.0f", row.episodeReturn()), row.tests().length == 0 ? Numbers.ABSENT : format("%.0f", row.testMean()));
        }
        return columns.table("How " + learned.row() + " learned");
    }

    /**
     * What each kind of dynamics knows, and what its planner makes of it, on one episode that the first of them has played: the lowest loss is not the best model
     * to plan with. A forecast is told from actions alone, a promise is the return over the horizon that a model expects of its own plans.
     */
    public static ResultTable knowledge(PlanetExperiment experiment, ControlTask task, Progress progress) {
        Columns columns = new Columns("model", "pictures", "rewards", "reward's error 1, 4, 8, 12 steps ahead", "forecast and truth, correlation",
                "candidates and truth, correlation", "promised", "kept", "possible", "mean |a|", "unexplained by the prior", "return");
        List<PlanetRow> models = experiment.settings().dynamics(task).stream().map(kind -> experiment.settings().rows(task, kind).getFirst()).toList();
        for (PlanetRow row : models) {
            Losses losses = experiment.learn(row, progress).log().rows().getLast().losses();
            RewardForecast forecast = experiment.forecast(row, models.getFirst(), progress);
            PlanCheck check = experiment.planCheck(task, row, models.getFirst(), progress);
            columns.add(row.dynamics().name(), format("%.1f", losses.observation()), format("%.3f", losses.reward()), ahead(forecast.errors()),
                    format("%.2f", forecast.correlation()), format("%.2f", check.correlation()), format("%.1f", check.promised()), format("%.1f", check.kept()),
                    format("%.1f", check.possible()), format("%.2f", check.action()), format("%.0f %%", 100 * forecast.unexplained()),
                    format("%.0f", experiment.evaluation(row, progress).summary().mean()));
        }
        return columns.table("What the models of " + task.id() + " know, preset " + experiment.preset().name()
                + ": returns over the horizon from states of one episode, and the mean return of whole test episodes");
    }

    private static String ahead(double[] errors) {
        return IntStream.of(1, 4, 8, 12).filter(d -> d <= errors.length).mapToObj(d -> format("%.2f", errors[d - 1])).collect(Collectors.joining(", "));
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
        columns.add(List.of("deterministic RNN, prior against posterior", "weight 0: the prior has no gradient", "–", "half the squared distance"));
        columns.add(List.of("first reward of a chunk", "learned", "–", "left out: its action lies outside the chunk"));
        columns.add(List.of("frame after the last action", "recorded", "–", "not recorded"));
        columns.add(List.of("GRU, reset gate", "before the product with h", "after it", "after it"));
        columns.add(List.of("GRU, first bias of the gates", "1", "PyTorch's", preset.text("planet.gateBias")));
        columns.add(List.of("least deviation of s", "0.1", "0.1", preset.text("planet.minimumDeviation")));
        return columns.table("Where the public versions of PlaNet differ, preset " + preset.name());
    }
}
