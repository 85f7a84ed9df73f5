package worldmodels.study.gan;

import static worldmodels.report.Numbers.format;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import worldmodels.controller.Features;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.Summary;
import worldmodels.nn.LearningCurve;
import worldmodels.report.Columns;
import worldmodels.report.ComparisonTable;
import worldmodels.report.Figure;
import worldmodels.report.Numbers;
import worldmodels.report.Plot;
import worldmodels.report.ResultTable;
import worldmodels.run.Preset;
import worldmodels.study.carracing.TrainedVision;
import worldmodels.study.thesis.VisionComparison.Contender;
import worldmodels.vision.VaeGanLearner;

/** The tables of notebooks 17 and 18, and the picture of a game. */
public final class GanTables {

    private static final String BASELINE = "CONV_VAE";

    private GanTables() {}

    /** Agents that differ in V; no paper has such a table with a VAE-GAN in it. */
    public static ResultTable agents(Map<Contender, Evaluation> scores) {
        Preset preset = scores.keySet().iterator().next().experiment().preset();
        ComparisonTable table = new ComparisonTable("VAE-GAN as V, CarRacing: score on unseen tracks, preset " + preset.name());
        for (Map.Entry<Contender, Evaluation> row : scores.entrySet()) {
            Contender contender = row.getKey();
            table = table.with(contender.label(), row.getValue().summary(), preset.name() + ", CarRacing " + contender.experiment().version() + ", "
                    + contender.experiment().evaluationStages(Features.Z_H).getFirst().key());
        }
        return table.table();
    }

    /** The training of a VAE-GAN as a game: what both sides lost, and how often one rested. */
    public static Figure game(TrainedVision trained) {
        return Figure.grid(2, 0.7, List.of(
                terms(trained, new Plot("What the discriminator loses", "steps", "nats"), VaeGanLearner.ON_FRAMES, VaeGanLearner.ON_PICTURES),
                terms(trained, new Plot("Who rests", "steps", "share of steps"), VaeGanLearner.DISCRIMINATOR_RESTS, VaeGanLearner.DECODER_RESTS)));
    }

    private static Plot terms(TrainedVision trained, Plot plot, String... terms) {
        for (String term : terms) {
            List<LearningCurve.Point> points = trained.curve(term).points();
            plot.line(term, points.stream().mapToDouble(LearningCurve.Point::step).toArray(), points.stream().mapToDouble(LearningCurve.Point::training).toArray());
        }
        return plot;
    }

    /** By how much each agent is better than the ConvVAE's of its size, track by track; a control of another size stands against the first. */
    public static ResultTable differences(Map<Contender, Evaluation> scores) {
        Columns columns = new Columns("V", "minus", "difference", "SD", "who is ahead");
        scores.forEach((contender, evaluation) -> baseline(scores, contender).ifPresent(base -> {
            Summary d = evaluation.minus(scores.get(base));
            columns.add(contender.label(), base.label(), format("%.1f [%.1f, %.1f]", d.mean(), d.low(), d.high()), format("%.1f", d.sd()),
                    d.low() > 0 ? contender.vision().label() : d.high() < 0 ? base.vision().label() : "cannot be told");
        }));
        return columns.table("Each V against the ConvVAE on the same test tracks, with the difference's 95 % interval");
    }

    private static Optional<Contender> baseline(Map<Contender, Evaluation> scores, Contender contender) {
        List<Contender> baselines = scores.keySet().stream().filter(other -> other.vision().name().equals(BASELINE)).toList();
        if (contender.vision().name().equals(BASELINE)) {
            return Optional.empty();
        }
        return baselines.stream().filter(other -> other.latent() == contender.latent()).findFirst().or(() -> baselines.stream().findFirst());
    }

    /**
     * How near the models on a plane have come, with the range over seeds.
     *
     * @param floors by data, how far apart two draws of it are
     */
    public static ResultTable plane(List<PlaneRun> runs, Map<String, Double> floors) {
        Columns columns = new Columns("data", "method", "distance at the first look", "distance at the end", "two draws of the data", "the critic says", "seeds");
        Map<String, List<PlaneRun>> rows = new LinkedHashMap<>();
        runs.forEach(run -> rows.merge(run.label(), List.of(run), (some, more) -> Stream.concat(some.stream(), more.stream()).toList()));
        for (List<PlaneRun> row : rows.values()) {
            PlaneRun first = row.getFirst();
            columns.add(first.data().label(), first.method().label(), range(row.stream().mapToDouble(run -> run.distance().points().getFirst().validation()).toArray()),
                    range(row.stream().mapToDouble(run -> run.distance().last().validation()).toArray()), format("%.3f", floors.get(first.data().label())),
                    first.method().measuresDistance() ? range(row.stream().mapToDouble(run -> run.says().last().training()).toArray()) : Numbers.ABSENT,
                    String.valueOf(row.size()));
        }
        return columns.table("Exact Wasserstein distance of generated points from data, and what a critic of slope 1 says it is");
    }

    private static String range(double[] values) {
        double least = Arrays.stream(values).min().orElseThrow();
        double most = Arrays.stream(values).max().orElseThrow();
        double mean = Arrays.stream(values).average().orElseThrow();
        return values.length == 1 ? format("%.3f", mean) : format("%.3f (%.3f to %.3f)", mean, least, most);
    }
}
