package worldmodels.study.dream;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import worldmodels.agent.Agent;
import worldmodels.agent.FeaturePolicy;
import worldmodels.data.EpisodeJob;
import worldmodels.data.RolloutEngine;
import worldmodels.dream.Dream;
import worldmodels.evaluation.Calibration;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.Summary;
import worldmodels.report.Figure;
import worldmodels.report.Plot;
import worldmodels.report.RgbFrame;
import worldmodels.run.Progress;
import worldmodels.study.carracing.VisionFigures;
import worldmodels.study.dream.DreamCheck.Ahead;
import worldmodels.study.dream.DreamExperiment.Outcome;

/** Pictures of M's dream and of what comes of training in it. */
public final class DreamFigures {

    private DreamFigures() {}

    /** Whether M's expected reward and its probability of an end mean what they say. */
    public static Figure calibration(DreamCheck check) {
        return Figure.grid(2, 0.6, List.of(reliability("Reward of the next step", "reward", check.reward()),
                reliability("End of the episode", "probability", check.end())));
    }

    private static Plot reliability(String title, String unit, Calibration calibration) {
        double[] predicted = calibration.bins().stream().mapToDouble(Calibration.Bin::predicted).toArray();
        double[] actual = calibration.bins().stream().mapToDouble(Calibration.Bin::actual).toArray();
        double low = Math.min(predicted[0], 0);
        double high = Math.max(predicted[predicted.length - 1], low + 1e-6);
        return new Plot(title, unit + " that M expects", unit + " that came, mean of the bin").line("as expected", new double[] {low, high},
                new double[] {low, high}).scatter("bins of unseen steps", predicted, actual);
    }

    /** What M on its own is worth, by steps since it last saw a frame. */
    public static Figure openLoop(DreamCheck check) {
        List<Ahead> ahead = check.openLoop();
        double[] steps = column(ahead, Ahead::steps);
        return Figure.grid(1, 0.6, List.of(
                new Plot("z", "steps without a frame", "error of an active number of z").line("M, mean of 16 dreams", steps, column(ahead, Ahead::z))
                        .line("nothing moves", steps, column(ahead, Ahead::stayed)),
                new Plot("Reward since then", "steps without a frame", "mean absolute error").line("M", steps, column(ahead, Ahead::reward))
                        .line("always the mean reward", steps, column(ahead, Ahead::without)),
                new Plot("Episodes over since then", "steps without a frame", "share").line("M", steps, column(ahead, Ahead::ended))
                        .line("in reality", steps, column(ahead, Ahead::over))));
    }

    /** The return in the dream beside the score in reality, by the temperature that C was evolved at. */
    public static Figure virtualAgainstActual(Collection<Outcome> outcomes) {
        List<Outcome> all = new ArrayList<>(outcomes);
        double[] temperatures = column(all, Outcome::temperature);
        return band(band(new Plot("In the dream and in reality", "temperature of the dream", "mean score, 95 % interval"), "in the dream", temperatures,
                all.stream().map(Outcome::inDream).toList()), "in reality", temperatures, all.stream().map(Outcome::inReality).toList());
    }

    /** Score in the dream and in reality by round, with a line for each chain in reality. */
    public static Figure rounds(SortedMap<Long, List<IterativeTraining.Round>> chains) {
        int count = chains.firstEntry().getValue().size();
        double[] numbers = first(count);
        List<Outcome> outcomes = IntStream.range(0, count)
                .mapToObj(i -> Outcome.together(chains.values().stream().map(rounds -> rounds.get(i).outcome()).toList())).toList();
        Plot plot = band(band(new Plot("Iterative training", "round", "mean score, 95 % interval").wholeX(), "in the dream", numbers,
                outcomes.stream().map(Outcome::inDream).toList()), "in reality", numbers, outcomes.stream().map(Outcome::inReality).toList());
        if (chains.size() > 1) {
            chains.forEach((chain, rounds) -> plot.line("chain " + chain + " in reality", numbers, column(rounds, round -> round.outcome().inReality().summary().mean())));
        }
        return plot;
    }

    /** What an agent has earned as the steps go by. */
    public static Plot earned(DreamExperiment.Earned earned) {
        return new Plot("The same agent, step by step", "step", "return so far, mean of 16 episodes").line("in the dream", first(earned.inDream().length), earned.inDream())
                .line("in reality", first(earned.inReality().length), earned.inReality());
    }

    private static double[] first(int count) {
        return IntStream.rangeClosed(1, count).asDoubleStream().toArray();
    }

    private static Plot band(Plot plot, String name, double[] x, List<Evaluation> evaluations) {
        List<Summary> summaries = evaluations.stream().map(Evaluation::summary).toList();
        return plot.band(name, x, column(summaries, Summary::low), column(summaries, Summary::mean), column(summaries, Summary::high));
    }

    /** A dream as V decodes it, and the reward that M promised in it. */
    public record Dreamt(List<RgbFrame> frames, double score) {}

    /**
     * An agent drives in a dream.
     *
     * @param dream of one lane
     * @param steps that are looked at, from the first on
     */
    public static Dreamt dreamt(Agent agent, Dream dream, long seed, int steps) {
        List<float[]> kept = new ArrayList<>();
        double[] score = new double[1];
        try (FeaturePolicy driver = new FeaturePolicy(agent.controller(), dream.observationSpace().size(), 1)) {
            driver.population(new double[][] {agent.parameters()});
            new RolloutEngine(dream).run(List.of(new EpisodeJob(0, seed)), driver, step -> {
                if (step.time() < steps) {
                    float[] z = new float[dream.latent()];
                    step.observation().asFloatBuffer().get(z);
                    kept.add(z);
                    score[0] += step.reward();
                }
            }, Progress.NONE);
        }
        return new Dreamt(VisionFigures.decoded(agent.vision(), kept.toArray(float[][]::new)), score[0]);
    }

    private static <T> double[] column(List<T> rows, ToDoubleFunction<T> of) {
        return rows.stream().mapToDouble(of).toArray();
    }
}
