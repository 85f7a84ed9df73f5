package worldmodels.study.carracing;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import worldmodels.controller.Features;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.Summary;
import worldmodels.evaluation.TestEpisode;
import worldmodels.report.ComparisonTable;
import worldmodels.report.Figure;
import worldmodels.report.Plot;
import worldmodels.report.PublishedNumbers;
import worldmodels.report.ResultTable;
import worldmodels.run.Stage;

/** The table of Ha and Schmidhuber (2018, section 2.5): what each part of the world model adds, ours beside the published. */
public final class WorldModelsTable {

    private static final List<String> OTHERS = List.of("zh-1024", "thesis-wm", "thesis-nvae", "course-report", "ctallec", "ctallec-untrained",
            "zoo-ppo", "zoo-ppo-lstm", "dqn", "a3c-continuous", "a3c-discrete", "ceobillionaire");

    private WorldModelsTable() {}

    /**
     * @param scores   one evaluation for each row that was run
     * @param noDriver uniformly random actions on the same tracks
     */
    public static ResultTable of(CarRacingExperiment experiment, Map<Features, Evaluation> scores, Evaluation noDriver) {
        PublishedNumbers published = PublishedNumbers.of("world-models");
        ComparisonTable table = new ComparisonTable("World Models on CarRacing: score on unseen tracks, preset " + experiment.preset().name());
        table = table.with("Random actions", noDriver.summary(), run(experiment, experiment.randomActionsStage().key()));
        for (Map.Entry<Features, Evaluation> row : scores.entrySet()) {
            Features features = row.getKey();
            table = table.with(features.label(), row.getValue().summary(), published.number(id(features)),
                    run(experiment, experiment.evaluationStages(features).stream().map(Stage::key).collect(Collectors.joining(" "))));
        }
        for (String id : OTHERS) {
            table = table.with(published.number(id));
        }
        return table.table();
    }

    /** Every test episode of each row as a point, with the row's mean and interval. */
    public static Figure episodes(Map<Features, Evaluation> scores, Evaluation noDriver) {
        Plot plot = new Plot("Every test episode", "0: random actions, then the rows of the table", "score").rangeX(-0.5, scores.size() + 0.5);
        int at = 0;
        points(plot, "random actions", at++, noDriver);
        for (Map.Entry<Features, Evaluation> row : scores.entrySet()) {
            points(plot, row.getKey().label(), at++, row.getValue());
        }
        return plot;
    }

    private static void points(Plot plot, String name, int at, Evaluation evaluation) {
        double[] y = evaluation.episodes().stream().mapToDouble(TestEpisode::score).toArray();
        double[] x = IntStream.range(0, y.length).mapToDouble(i -> at + 0.3 * (i / (double) Math.max(1, y.length - 1) - 0.5)).toArray();
        plot.scatter(name, x, y);
        Summary summary = evaluation.summary();
        plot.line(name + ", mean", new double[] {at - 0.25, at + 0.25}, new double[] {summary.mean(), summary.mean()});
    }

    private static String run(CarRacingExperiment experiment, String key) {
        int changed = experiment.preset().differences().size();
        String preset = experiment.preset().name() + (changed == 0 ? "" : " (" + changed + " settings differ)");
        return preset + ", CarRacing " + experiment.version() + ", " + key;
    }

    private static String id(Features features) {
        return switch (features) {
            case Z -> "z";
            case Z_HIDDEN -> "z-hidden";
            case Z_H -> "zh";
        };
    }
}
