package worldmodels.study.carracing;

import static worldmodels.report.Numbers.format;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.ToDoubleFunction;
import worldmodels.controller.Features;
import worldmodels.evolution.Generation;
import worldmodels.report.Columns;
import worldmodels.report.Figure;
import worldmodels.report.Numbers;
import worldmodels.report.Plot;
import worldmodels.report.PublishedNumbers;
import worldmodels.report.ResultTable;

/** Pictures of a search and of what it found. */
public final class ControllerFigures {

    private ControllerFigures() {}

    /** Each search's population by generation: line the mean, shade from worst to best; points the mean of the distribution on its tracks. */
    public static Figure generations(List<TrainedController> searches) {
        return Figure.grid(Math.min(2, searches.size()), 0.75, searches.stream().map(search -> generations(search.features(), search.seed(), search.history())).toList());
    }

    /** Those of the latest search on these features while it runs; null before its first generation. */
    public static Figure generationsSoFar(CarRacingExperiment experiment, Features features) {
        SortedMap<Long, List<Generation>> soFar = experiment.generations(features);
        return soFar.isEmpty() ? null : generations(features, soFar.lastKey(), soFar.get(soFar.lastKey()));
    }

    private static Plot generations(Features features, long seed, List<Generation> history) {
        double[] numbers = of(history, Generation::number);
        List<Generation> selections = history.stream().filter(Generation::selected).toList();
        Plot plot = new Plot("C on " + features.label() + ", chain " + seed, "generation", "score").wholeX()
                .band("population", numbers, of(history, Generation::worst), of(history, Generation::mean), of(history, Generation::best));
        return selections.isEmpty() ? plot : plot.scatter("distribution mean on the selection tracks", of(selections, Generation::number),
                of(selections, Generation::selectionScore));
    }

    /**
     * The speed of learning: the distribution mean's score on the selection tracks against environment steps and against hours, beside the
     * authors' published curve (64 processor cores; 1,024 tracks). Both axes of cost are logarithmic.
     */
    public static Figure speed(List<TrainedController> searches) {
        Plot steps = new Plot("Speed of learning, by experience", "environment steps", "score of the distribution mean").logX();
        Plot hours = new Plot("Speed of learning, by time", "hours", "score of the distribution mean").logX();
        for (TrainedController search : searches) {
            String name = "C on " + search.features().label() + ", chain " + search.seed();
            steps.hue(search.features().ordinal());
            hours.hue(search.features().ordinal());
            double[] scores = of(search.history().stream().filter(Generation::selected).toList(), Generation::selectionScore);
            steps.line(name, summed(search.history(), Generation::steps), scores);
            hours.line(name, summed(search.history(), g -> g.seconds() / 3600), scores);
        }
        String authors = "Ha and Schmidhuber, z and h";
        steps.hue(Features.values().length);
        hours.hue(Features.values().length);
        double[][] bySteps = PublishedNumbers.curve("world-models-curve", "environment_steps", "score");
        double[][] byHours = PublishedNumbers.curve("world-models-curve", "hours", "score");
        return Figure.grid(1, 1, List.of(steps.line(authors, bySteps[0], bySteps[1]), hours.line(authors, byHours[0], byHours[1])));
    }

    /** What was spent up to each generation in which the mean was tried. */
    private static double[] summed(List<Generation> history, ToDoubleFunction<Generation> cost) {
        List<Double> sums = new ArrayList<>();
        double sum = 0;
        for (Generation generation : history) {
            sum += cost.applyAsDouble(generation);
            if (generation.selected()) {
                sums.add(sum);
            }
        }
        return sums.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** An equal number of episodes spent in several ways, and what the distribution mean then scored on the selection tracks. */
    public static ResultTable study(List<TrainedController> searches) {
        Columns columns = new Columns("candidates x tracks", "generations", "environment steps", "score", "SD over tracks", "tracks");
        searches.forEach(c -> columns.add(way(c), String.valueOf(c.history().size()), format("%,d", c.stage().environmentSteps()),
                Numbers.text(c.selected().selectionScore()), Numbers.text(c.selected().selectionSd()), String.valueOf(c.selected().tracks())));
        return columns.table("C on z and h: the same number of episodes, spent in several ways");
    }

    /** How long each of them took. */
    public static ResultTable studyTimes(List<TrainedController> searches) {
        Columns columns = new Columns("candidates x tracks", "minutes");
        searches.forEach(c -> columns.add(way(c), Numbers.text(c.stage().seconds() / 60)));
        return columns.table("C on z and h: the time that each way took");
    }

    private static String way(TrainedController search) {
        return search.stage().setting("evolution.population") + " x " + search.stage().setting("evolution.rollouts");
    }

    /** What ending stalled episodes early saves, and whether it changes who is better. */
    public static ResultTable stallCheck(StallCheck check) {
        return new Columns("candidates", "rank correlation", "better half the same", "steps, whole episodes", "steps, cut where stalled")
                .add(String.valueOf(check.candidates()), format("%.3f", check.rankCorrelation()), format("%.0f %%", 100 * check.sameParents()),
                        format("%,d", check.wholeSteps()), format("%,d", check.cutSteps()))
                .table("The same candidates on the same tracks, with whole episodes and with those that end when the car has stalled");
    }

    private static double[] of(List<Generation> generations, ToDoubleFunction<Generation> figure) {
        return generations.stream().mapToDouble(figure).toArray();
    }
}
