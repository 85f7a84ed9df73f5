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
        experiment.settings().tasks().forEach(task -> experiment.settings().hindsight().forEach(each -> places.add(task + ", " + each.label())));
        Plot plot = new Plot("Every seed on unseen goals", "", "success, %");
        List<Algorithm> algorithms = experiment.settings().algorithms();
        for (Algorithm algorithm : algorithms) {
            List<Double> x = new ArrayList<>();
            List<Double> y = new ArrayList<>();
            for (PandaRow row : experiment.settings().rows().stream().filter(each -> each.algorithm() == algorithm).toList()) {
                double middle = places.indexOf(row.task() + ", " + row.relabelling().label()) + 0.2 * (algorithms.indexOf(algorithm) - 0.5 * (algorithms.size() - 1));
                List<LearnedReach> agents = experiment.learn(List.of(row), progress);
                for (int i = 0; i < agents.size(); i++) {
                    x.add(middle + 0.03 * (i - 0.5 * (agents.size() - 1)));
                    y.add(experiment.evaluation(agents.get(i), progress).success().mean());
                }
            }
            plot.scatter(algorithm.name(), x.stream().mapToDouble(Double::doubleValue).toArray(), y.stream().mapToDouble(Double::doubleValue).toArray());
        }
        plot.rangeX(-0.5, places.size() - 0.5);
        plot.chart().getStyler().setXAxisLabelRotation(20).setYAxisMin(0.0).setYAxisMax(100.0);
        plot.chart().getStyler().setxAxisTickLabelsFormattingFunction(
                x -> Math.abs(x - Math.rint(x)) < 0.01 && x > -0.5 && x < places.size() - 0.5 ? places.get((int) Math.round(x)) : "");
        return plot;
    }
}
