package worldmodels.study.carracing;

import static worldmodels.report.Numbers.format;

import java.awt.Color;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.PerformanceProfile;
import worldmodels.evaluation.Summary;
import worldmodels.evaluation.TestEpisode;
import worldmodels.report.Columns;
import worldmodels.report.ComparisonTable;
import worldmodels.report.Figure;
import worldmodels.report.Look;
import worldmodels.report.Numbers;
import worldmodels.report.Plot;
import worldmodels.report.Published;
import worldmodels.report.PublishedNumbers;
import worldmodels.report.ResultTable;
import worldmodels.run.Stage;

/** The table of Ha and Schmidhuber (2018, section 2.5): what each part of the world model adds, ours beside the published. */
public final class WorldModelsTable {

    private static final List<String> OTHERS = List.of("zh-1024", "thesis-wm", "thesis-nvae", "course-report", "ctallec", "zoo-ppo", "zoo-ppo-lstm", "dqn",
            "a3c-continuous", "a3c-discrete", "ceobillionaire");

    private WorldModelsTable() {}

    /**
     * @param scores   one evaluation for each row that was run
     * @param noDriver uniformly random actions on the same tracks
     */
    public static ResultTable of(WorldModelsRows rows, Map<WorldModelsRow, Evaluation> scores, Evaluation noDriver) {
        CarRacingExperiment experiment = rows.experiment();
        PublishedNumbers published = PublishedNumbers.of("world-models");
        ComparisonTable table = new ComparisonTable("World Models on CarRacing: score on unseen tracks, preset " + experiment.preset().name());
        table = table.with("Random actions", noDriver.summary(), run(experiment, experiment.randomActionsStage().key()));
        Map<String, Double> finished = new HashMap<>();
        Map<String, Double> steps = new HashMap<>();
        for (Map.Entry<WorldModelsRow, Evaluation> row : scores.entrySet()) {
            String label = row.getKey().label(experiment.preset());
            Summary ours = row.getValue().summary();
            String run = run(experiment, rows.stages(row.getKey()).stream().map(Stage::key).collect(Collectors.joining(" ")));
            table = row.getKey().published().isEmpty() ? table.with(label, ours, run) : table.with(label, ours, published.number(row.getKey().published()), run);
            Laps laps = Laps.of(row.getValue());
            finished.put(label, (double) laps.finished());
            steps.put(label, laps.steps());
        }
        for (String id : OTHERS) {
            table = table.with(published.number(id));
        }
        return table.with(new ComparisonTable.Measure("laps", finished)).with(new ComparisonTable.Measure("steps of a lap", steps)).table();
    }

    /** Every row against the full world model, z and h: by how much it differs, chain by chain and track by track, and how often it is better. */
    public static ResultTable pairs(WorldModelsRows rows, Map<WorldModelsRow, Evaluation> scores) {
        Evaluation full = scores.get(WorldModelsRow.Z_H);
        Columns columns = new Columns("row", "minus z and h", "probability of scoring more", "pairs", "k");
        scores.forEach((row, evaluation) -> {
            if (full != null && row != WorldModelsRow.Z_H) {
                Summary d = evaluation.minus(full);
                columns.add(row.label(rows.experiment().preset()), format("%.1f [%.1f, %.1f]", d.mean(), d.low(), d.high()),
                        evaluation.improvementOver(full).toString(), String.valueOf(d.n()), String.valueOf(d.k()));
            }
        });
        return columns.table("Each row against C on z and h, on the same tracks, with 95 % intervals over chains and tracks");
    }

    /** Each row's share of episodes above every score, with its interval. */
    public static Figure profiles(WorldModelsRows rows, Map<WorldModelsRow, Evaluation> scores) {
        double[] taus = IntStream.rangeClosed(0, 50).mapToDouble(i -> 20.0 * i).toArray();
        Plot plot = new Plot("Performance profile", "score", "share of episodes above it");
        scores.forEach((row, evaluation) -> {
            PerformanceProfile profile = evaluation.profile(taus);
            plot.band(row.label(rows.experiment().preset()), profile.scores(), profile.low(), profile.shares(), profile.high());
        });
        return plot;
    }

    /** Every test episode of each row as a point, in the colour of its profile, and each row's mean. */
    public static Figure episodes(WorldModelsRows rows, Map<WorldModelsRow, Evaluation> scores, Evaluation noDriver) {
        Plot plot = new Plot("Every test episode, and the means", "", "score");
        List<Evaluation> all = Stream.concat(Stream.of(noDriver), scores.values().stream()).toList();
        List<String> names = Stream.concat(Stream.of("random actions"), scores.keySet().stream().map(row -> row.label(rows.experiment().preset()))).toList();
        double[] places = IntStream.range(0, all.size()).asDoubleStream().toArray();
        for (int at = 0; at < all.size(); at++) {
            points(plot, names.get(at), at, all.get(at), at == 0 ? Look.MIDDLE : Look.COLOURS[(at - 1) % Look.COLOURS.length]);
        }
        plot.points("mean", places, all.stream().mapToDouble(e -> e.summary().mean()).toArray(), Look.INK);
        Published full = PublishedNumbers.of("world-models").number(WorldModelsRow.Z_H.published());
        plot.level("z and h as published, " + full.text(), full.mean().doubleValue()).namesX(names);
        plot.chart().getSeriesCollection().forEach(series -> series.setShowInLegend(!names.contains(series.getName())));
        return plot;
    }

    /** A forest plot: the mean of each of our rows with its interval, and what was published for it with its ± as printed. */
    public static Figure forest(WorldModelsRows rows, Map<WorldModelsRow, Evaluation> scores) {
        PublishedNumbers published = PublishedNumbers.of("world-models");
        List<WorldModelsRow> drawn = List.copyOf(scores.keySet());
        List<String> names = drawn.stream().map(row -> row.label(rows.experiment().preset())).toList();
        Plot plot = new Plot("Ours and published: mean score with its interval", "score", "");
        List<double[]> ours = new ArrayList<>();
        List<double[]> theirs = new ArrayList<>();
        for (int i = 0; i < drawn.size(); i++) {
            double height = names.size() - 1 - i;
            Summary s = scores.get(drawn.get(i)).summary();
            ours.add(new double[] {s.mean(), height + 0.12});
            plot.segment(new double[] {s.low(), s.high()}, height + 0.12, Look.COLOURS[0]);
            if (!drawn.get(i).published().isEmpty()) {
                Published number = published.number(drawn.get(i).published());
                double mean = number.mean().doubleValue();
                theirs.add(new double[] {mean, height - 0.12});
                number.plusMinus().ifPresent(spread -> plot.segment(new double[] {mean - spread.doubleValue(), mean + spread.doubleValue()}, height - 0.12,
                        Look.COLOURS[1]));
            }
        }
        points(plot, "ours, 95 % interval", ours, Look.COLOURS[0]);
        points(plot, "published, ± as printed", theirs, Look.COLOURS[1]);
        return plot.namesY(names);
    }

    private static void points(Plot plot, String name, List<double[]> points, Color colour) {
        if (!points.isEmpty()) {
            plot.points(name, points.stream().mapToDouble(p -> p[0]).toArray(), points.stream().mapToDouble(p -> p[1]).toArray(), colour);
        }
    }

    private static void points(Plot plot, String name, int at, Evaluation evaluation, Color colour) {
        double[] y = evaluation.episodes().stream().mapToDouble(TestEpisode::score).toArray();
        double[] x = IntStream.range(0, y.length).mapToDouble(i -> at + 0.3 * (i / (double) Math.max(1, y.length - 1) - 0.5)).toArray();
        plot.scatter(name, x, y, colour);
    }

    /** What the late phase added on selection tracks that neither search had selected by, chain by chain. */
    public static ResultTable lateGains(Map<Long, LateGain> gains) {
        Columns columns = new Columns("chain", "before", "after", "difference", "tracks", "published");
        gains.forEach((chain, gain) -> {
            Summary d = gain.difference();
            columns.add(String.valueOf(chain), Numbers.text(gain.first().summary().mean()), Numbers.text(gain.late().summary().mean()),
                    format("%.1f [%.1f, %.1f]", d.mean(), d.low(), d.high()), String.valueOf(d.n()), gain.isGain() ? "after" : "before");
        });
        return columns.table("The late phase on selection tracks of its own");
    }

    private static String run(CarRacingExperiment experiment, String key) {
        return experiment.preset().name() + ", CarRacing " + experiment.version() + ", " + key;
    }
}
