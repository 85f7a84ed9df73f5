package worldmodels.study.planet;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import worldmodels.env.control.ControlTask;
import worldmodels.planet.Dynamics;
import worldmodels.planet.Foresight;
import worldmodels.planet.LearningLog;
import worldmodels.report.AnimatedGif;
import worldmodels.report.Figure;
import worldmodels.report.ImageGrid;
import worldmodels.report.Plot;
import worldmodels.report.PublishedNumbers;
import worldmodels.report.RgbFrame;
import worldmodels.run.Progress;

/** Pictures of how PlaNet learns and what its models see. */
public final class PlanetFigures {

    private static final int SIDE = 64;
    private static final int EDGE = 2;
    private static final int[] ORANGE = {213, 94, 0};

    private PlanetFigures() {}

    /** The three losses by episode (the reproduction's figure 3), one curve for each log. */
    public static Figure losses(Map<Dynamics, LearningLog> logs) {
        return Figure.grid(1, 0.6, List.of(
                curves(new Plot("Pictures", "episodes", "squared error per frame"), logs, row -> row.losses().observation()).logY(),
                curves(new Plot("Rewards", "episodes", "squared error per step"), logs, row -> row.losses().reward()).logY(),
                curves(new Plot("Posterior against prior", "episodes", "divergence (RNN: ½ distance²)"), logs, row -> row.losses().divergence())));
    }

    private static Plot curves(Plot plot, Map<Dynamics, LearningLog> logs, ToDoubleFunction<LearningLog.Row> of) {
        logs.forEach((dynamics, log) -> plot.line(dynamics.name(), episodes(log.rows()), column(log.rows(), of)));
        return plot.wholeX();
    }

    /** Returns by episode (the reproduction's figure 6): test episodes, mean over training seeds with their range, for each kind of dynamics. */
    public static Plot returns(PlanetExperiment experiment, ControlTask task) {
        Plot plot = new Plot(task.id(), "episodes", "return of the test episodes").wholeX();
        for (Dynamics dynamics : experiment.settings().dynamics(task)) {
            band(plot, dynamics.name(), experiment.settings().rows(task, dynamics).stream().map(experiment::log).toList());
        }
        return plot;
    }

    private static void band(Plot plot, String name, List<LearningLog> logs) {
        List<List<LearningLog.Row>> bySeed = logs.stream().map(LearningLog::tested).toList();
        int points = bySeed.stream().mapToInt(List::size).min().orElse(0);
        if (points > 0) {
            double[][] means = bySeed.stream().map(rows -> column(rows.subList(0, points), LearningLog.Row::testMean)).toArray(double[][]::new);
            plot.band(name, episodes(bySeed.getFirst().subList(0, points)), across(means, true), mean(means), across(means, false));
        }
    }

    /**
     * {@link #returns(PlanetExperiment, ControlTask)} of the first task, with all named settings too, what random actions and the true dynamics reach here, and
     * PlaNet's published numbers.
     */
    public static Plot returns(PlanetExperiment experiment, VariantStudy variants, Progress progress) {
        ControlTask task = experiment.settings().tasks().getFirst();
        Plot plot = returns(experiment, task);
        band(plot, "RSSM, " + PlanetVariant.ALL.label(), variants.logs(PlanetVariant.ALL));
        plot.level("random actions", experiment.evaluationOfRandomActions(task, progress).summary().mean())
                .level("planned with the true dynamics", experiment.evaluationOfSimulator(task, progress).summary().mean());
        for (Map<String, String> row : PublishedNumbers.asGiven("planet")) {
            // A range that was read off a figure is no line.
            String number = row.get(task.id()).replace("~", "");
            if (row.get("row").equals("PlaNet") && number.matches("[0-9]+")) {
                plot.level("PlaNet, " + row.get("episodes") + " episodes", Double.parseDouble(number));
            }
        }
        return plot;
    }

    /** Returns of the collected episodes, which are played with noise. */
    public static Plot collected(Map<Dynamics, LearningLog> logs) {
        return curves(new Plot("Episodes as they were collected", "episodes", "return, with exploration noise"), logs, LearningLog.Row::episodeReturn);
    }

    /** An episode, its reconstruction from posteriors and its open-loop prediction, every n-th frame (the reproduction's figures 4 and 5). */
    public static Figure strip(String title, Foresight foresight, int n) {
        return new ImageGrid(titled(title, foresight, n), columns(foresight, n), 2).row("real", every(foresight.real(), n))
                .row("posterior", every(foresight.reconstructed(), n)).row("open loop", every(alone(foresight), n));
    }

    /** One episode and what models of several kinds predict of it from the same first pictures, every n-th frame. */
    public static Figure strips(Map<Dynamics, Foresight> foresights, int n) {
        Foresight any = foresights.values().iterator().next();
        ImageGrid grid = new ImageGrid(titled("Open loop", any, n), columns(any, n), 2).row("real", every(any.real(), n));
        foresights.forEach((dynamics, foresight) -> grid.row(dynamics.name(), every(alone(foresight), n)));
        return grid;
    }

    private static String titled(String title, Foresight foresight, int n) {
        return title + ": every " + n + " frames; framed where there are no pictures any more, after " + foresight.watched();
    }

    private static int columns(Foresight foresight, int n) {
        return (foresight.real().length + n - 1) / n;
    }

    /** The prediction, framed from where it goes on alone. */
    private static byte[][] alone(Foresight foresight) {
        byte[][] frames = foresight.predicted().clone();
        for (int t = foresight.watched(); t < frames.length; t++) {
            frames[t] = framed(frames[t]);
        }
        return frames;
    }

    /** A picture with an edge of two pixels in orange. */
    private static byte[] framed(byte[] frame) {
        byte[] framed = frame.clone();
        for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
            int x = pixel % SIDE;
            int y = pixel / SIDE;
            if (Math.min(Math.min(x, y), SIDE - 1 - Math.max(x, y)) < EDGE) {
                for (int colour = 0; colour < 3; colour++) {
                    framed[3 * pixel + colour] = (byte) ORANGE[colour];
                }
            }
        }
        return framed;
    }

    /** The three side by side. */
    public static AnimatedGif video(Foresight foresight) {
        return new AnimatedGif(12, 3).panel("real", every(foresight.real(), 1)).panel("posterior", every(foresight.reconstructed(), 1))
                .panel("open loop after " + foresight.watched(), every(alone(foresight), 1));
    }

    /** What reward the model expected with and without pictures, and what came. */
    public static Plot rewards(Foresight foresight) {
        double[] t = IntStream.range(1, foresight.real().length).asDoubleStream().toArray();
        return new Plot("Rewards of one episode", "step", "reward").line("came", t, from1(foresight.reward()))
                .line("with every picture", t, from1(foresight.rewardOfWatched())).line("open loop", t, from1(foresight.rewardPredicted()))
                .at("pictures end", foresight.watched());
    }

    private static List<RgbFrame> every(byte[][] frames, int n) {
        return IntStream.range(0, frames.length).filter(i -> i % n == 0).mapToObj(i -> new RgbFrame(64, 64, frames[i])).toList();
    }

    private static double[] from1(float[] values) {
        return IntStream.range(1, values.length).mapToDouble(i -> values[i]).toArray();
    }

    private static double[] episodes(List<LearningLog.Row> rows) {
        return column(rows, LearningLog.Row::episodes);
    }

    private static double[] column(List<LearningLog.Row> rows, ToDoubleFunction<LearningLog.Row> of) {
        return rows.stream().mapToDouble(of).toArray();
    }

    private static double[] mean(double[][] bySeed) {
        return IntStream.range(0, bySeed[0].length).mapToDouble(i -> Arrays.stream(bySeed).mapToDouble(s -> s[i]).average().orElseThrow()).toArray();
    }

    private static double[] across(double[][] bySeed, boolean low) {
        return IntStream.range(0, bySeed[0].length).mapToDouble(i -> {
            double[] values = Arrays.stream(bySeed).mapToDouble(s -> s[i]).sorted().toArray();
            return values[low ? 0 : values.length - 1];
        }).toArray();
    }
}
