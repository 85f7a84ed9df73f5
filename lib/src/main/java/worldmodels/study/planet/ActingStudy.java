package worldmodels.study.planet;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import worldmodels.env.control.ControlTask;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.Summary;
import worldmodels.planet.Acting;
import worldmodels.planet.CrossEntropyPlanner;
import worldmodels.report.Columns;
import worldmodels.report.Numbers;
import worldmodels.report.ResultTable;
import worldmodels.run.Progress;
import worldmodels.run.Settings;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Section;
import worldmodels.run.Stage;

/**
 * Is what is missing in the planner or in the models? Planning with the true dynamics says what a planner could reach, by its horizon and number of plans;
 * learned models that act in other ways say what another planner would make of them. Nothing learns anything anew.
 */
public final class ActingStudy {

    /**
     * What is tried on the preset's first task.
     *
     * @param ways            in which the first model acts; the others act in the first of them and in the last
     * @param ceilingHorizons of planning with the true dynamics
     * @param ceilingPlans    candidates of a decision, all iterations together
     * @param ceilingEpisodes for each of the two
     */
    @Section("planet")
    record Tried(List<WayOfActing> ways, @Least(1) List<Integer> ceilingHorizons, @Least(1) List<Integer> ceilingPlans, @Least(1) int ceilingEpisodes) {}

    /** A way of acting by its name. */
    private record Way(String label, Acting acting) {}

    private final PlanetExperiment experiment;
    private final VariantStudy variants;
    private final Tried tried;
    private final ControlTask task;

    public ActingStudy(PlanetExperiment experiment, VariantStudy variants) {
        this.experiment = experiment;
        this.variants = variants;
        this.tried = Settings.of(experiment.preset(), Tried.class);
        this.task = experiment.settings().tasks().getFirst();
    }

    /** Returns of planning with the true dynamics: rows are horizons, columns the plans of a decision. */
    public ResultTable ceiling(Progress progress) {
        Columns columns = new Columns(Stream.concat(Stream.of("horizon"),
                tried.ceilingPlans.stream().map(plans -> plans + " plans")).toList());
        for (int horizon : tried.ceilingHorizons) {
            List<String> cells = new ArrayList<>(List.of(String.valueOf(horizon)));
            for (int plans : tried.ceilingPlans) {
                cells.add(PlanetTables.text(experiment.evaluationOfSimulator(task, planner(horizon, plans), tried.ceilingEpisodes, progress).summary()));
            }
            columns.add(cells);
        }
        return columns.table("Planning with the true dynamics of " + task.id() + ", preset " + experiment.preset().name()
                + ": mean return with 95 % interval (n episodes, k training seeds)");
    }

    /**
     * Returns of learned models by the way in which they act, with the difference from how they learned, episode by episode. Those that learned with all named
     * settings come last, and act once as the others learned to, which tells what their own planner is worth to them.
     */
    public ResultTable ways(Progress progress) {
        Columns columns = new Columns("model", "acts", "return", "difference");
        for (PlanetRow row : rows()) {
            ways(columns, experiment, row, row.dynamics().name(), of(row), progress);
        }
        try (PlanetExperiment all = variants.open(PlanetVariant.ALL)) {
            for (PlanetRow row : all.settings().rows()) {
                ways(columns, all, row, row.dynamics() + ", " + PlanetVariant.ALL.label(), ofAll(all), progress);
            }
        }
        return columns.table("Learned models of " + task.id() + " that act in other ways, preset " + experiment.preset().name()
                + ": mean return with 95 % interval (n episodes, k training seeds), and difference from the first on the same episodes");
    }

    private static void ways(Columns columns, PlanetExperiment of, PlanetRow row, String model, List<Way> ways, Progress progress) {
        Evaluation learned = of.evaluation(row, progress);
        for (Way way : ways) {
            Evaluation evaluation = of.evaluation(row, way.acting, progress);
            Summary difference = evaluation.minus(learned);
            columns.add(model + ", seed " + row.seed(), way.label, PlanetTables.text(evaluation.summary()), way.acting.equals(of.settings().acting())
                    ? Numbers.ABSENT : Numbers.format("%+.0f [%+.0f, %+.0f]", difference.mean(), difference.low(), difference.high()));
        }
    }

    /** All that the two tables come from. */
    public Stage[] stages() {
        List<Stage> stages = new ArrayList<>();
        for (int horizon : tried.ceilingHorizons) {
            for (int plans : tried.ceilingPlans) {
                stages.add(experiment.stages().simulator(task, planner(horizon, plans), tried.ceilingEpisodes));
            }
        }
        for (PlanetRow row : rows()) {
            of(row).forEach(way -> stages.add(experiment.stages().evaluation(row, way.acting)));
        }
        try (PlanetExperiment all = variants.open(PlanetVariant.ALL)) {
            all.settings().rows().forEach(row -> ofAll(all).forEach(way -> stages.add(all.stages().evaluation(row, way.acting))));
        }
        return stages.stream().distinct().toArray(Stage[]::new);
    }

    /** All models of the task: each kind, each training seed. */
    private List<PlanetRow> rows() {
        return experiment.settings().dynamics(task).stream().flatMap(kind -> experiment.settings().rows(task, kind).stream()).toList();
    }

    private List<Way> of(PlanetRow row) {
        List<WayOfActing> some = row.equals(rows().getFirst()) ? tried.ways : List.of(tried.ways.getFirst(), tried.ways.getLast());
        return some.stream().distinct().filter(way -> row.dynamics().isStochastic() || !way.isOfNoise())
                .map(way -> new Way(way.label(), way.of(experiment.settings().acting()))).toList();
    }

    private List<Way> ofAll(PlanetExperiment all) {
        CrossEntropyPlanner.Settings others = experiment.settings().acting().planner();
        return List.of(new Way(WayOfActing.AS_LEARNED.label(), all.settings().acting()),
                new Way(Numbers.format("horizon %d, %d x %d, as the others", others.horizon(), others.iterations(), others.candidates()), experiment.settings().acting()));
    }

    private CrossEntropyPlanner.Settings planner(int horizon, int plans) {
        CrossEntropyPlanner.Settings learned = experiment.settings().learning().planner();
        int candidates = Math.max(1, plans / learned.iterations());
        return new CrossEntropyPlanner.Settings(horizon, learned.iterations(), candidates, Math.max(1, candidates * learned.elites() / learned.candidates()));
    }
}
