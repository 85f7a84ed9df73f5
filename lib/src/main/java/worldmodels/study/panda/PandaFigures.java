package worldmodels.study.panda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import worldmodels.nn.LearningCurve;
import worldmodels.report.Figure;
import worldmodels.report.Plot;
import worldmodels.run.Progress;

/** Pictures of how reaching is learned. */
public final class PandaFigures {

    private PandaFigures() {}

    /** Successes of the test episodes while learning: one plot for each task, with and without hindsight; the mean over training seeds and their range. */
    public static Figure successes(PandaExperiment experiment, Progress progress) {
        return curves(experiment, "success, %", agent -> agent.successes(), point -> 100 * point.validation(), progress);
    }

    /** Their returns, likewise. */
    public static Figure returns(PandaExperiment experiment, Progress progress) {
        return curves(experiment, "return", agent -> agent.returns(), LearningCurve.Point::validation, progress);
    }

    private static Figure curves(PandaExperiment experiment, String y, Function<LearnedReach, LearningCurve> curve, ToDoubleFunction<LearningCurve.Point> of,
            Progress progress) {
        List<Plot> plots = new ArrayList<>();
        for (PandaTask task : experiment.settings().tasks()) {
            for (Relabelling relabelling : experiment.settings().hindsight()) {
                Plot plot = new Plot(task + ", " + relabelling.label(), "steps", y);
                for (Algorithm algorithm : experiment.settings().algorithms()) {
                    List<LearningCurve> seeds = experiment.learn(List.of(new PandaRow(algorithm, task, relabelling)), progress).stream().map(curve).toList();
                    double[] steps = seeds.getFirst().points().stream().mapToDouble(LearningCurve.Point::step).toArray();
                    double[][] values = IntStream.range(0, steps.length)
                            .mapToObj(i -> seeds.stream().mapToDouble(seed -> of.applyAsDouble(seed.points().get(i))).sorted().toArray()).toArray(double[][]::new);
                    plot.band(algorithm.name(), steps, each(values, v -> v[0]), each(values, v -> Arrays.stream(v).average().orElseThrow()),
                            each(values, v -> v[v.length - 1]));
                }
                plots.add(plot);
            }
        }
        return Figure.grid(experiment.settings().hindsight().size(), 0.6, plots);
    }

    private static double[] each(double[][] values, ToDoubleFunction<double[]> of) {
        return Arrays.stream(values).mapToDouble(of).toArray();
    }

    /** Every training seed of every cell as a point: its success on the test goals. */
    public static Plot seeds(PandaExperiment experiment, Progress progress) {
        List<String> places = new ArrayList<>();
        experiment.settings().tasks().forEach(task -> experiment.settings().hindsight().forEach(each -> places.add(place(task, each))));
        // PPO has no hindsight, and may be the only one that has none.
        experiment.ppo().tasks().stream().map(task -> place(task, Relabelling.NONE)).filter(place -> !places.contains(place)).forEach(places::add);
        List<Algorithm> algorithms = experiment.settings().algorithms();
        Plot plot = new Plot("Every seed on unseen goals", "", "success, %");
        for (Algorithm algorithm : algorithms) {
            Points points = new Points(algorithms.indexOf(algorithm) - 0.5 * algorithms.size());
            experiment.settings().rows().stream().filter(row -> row.algorithm() == algorithm).forEach(row -> points.add(places.indexOf(place(row.task(), row.relabelling())),
                    experiment.learn(List.of(row), progress).stream().map(agent -> experiment.evaluation(agent, progress)).toList()));
            points.scatter(plot, algorithm.name());
        }
        Points ofPpo = new Points(0.5 * algorithms.size());
        experiment.ppo().tasks().forEach(task -> ofPpo.add(places.indexOf(place(task, Relabelling.NONE)), experiment.ppo().evaluations(task, progress)));
        if (!experiment.ppo().tasks().isEmpty()) {
            ofPpo.scatter(plot, PandaPpo.NAME);
        }
        return plot.namesX(places);
    }

    private static String place(PandaTask task, Relabelling relabelling) {
        return task + ", " + relabelling.label();
    }

    /** Successes of one algorithm, beside the others' at the place of each task. */
    private record Points(double aside, List<Double> x, List<Double> y) {

        Points(double aside) {
            this(aside, new ArrayList<>(), new ArrayList<>());
        }

        void add(int place, List<Reaches> bySeed) {
            for (int i = 0; i < bySeed.size(); i++) {
                x.add(place + 0.2 * aside + 0.03 * (i - 0.5 * (bySeed.size() - 1)));
                y.add(bySeed.get(i).success().mean());
            }
        }

        void scatter(Plot plot, String name) {
            plot.scatter(name, x.stream().mapToDouble(Double::doubleValue).toArray(), y.stream().mapToDouble(Double::doubleValue).toArray());
        }
    }
}
