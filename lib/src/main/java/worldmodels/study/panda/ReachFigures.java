package worldmodels.study.panda;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import worldmodels.evolution.Generation;
import worldmodels.report.AnimatedGif;
import worldmodels.report.Plot;

/** Pictures of how the world model reaches. */
public final class ReachFigures {

    /** One generation's goals may be near and the next one's far. */
    private static final int WINDOW = 20;

    private ReachFigures() {}

    /** The mean return of each search's candidates by generation, by the rows' names: the mean of that generation and of those before it, {@value #WINDOW} at most. */
    public static Plot searches(Map<String, ReachedController> byName) {
        Plot plot = new Plot("C, on goals that are new in each generation", "generation", "candidates' mean return, last " + WINDOW + " generations").wholeX();
        byName.forEach((name, found) -> {
            List<Generation> history = found.history();
            plot.line(name, IntStream.rangeClosed(1, history.size()).asDoubleStream().toArray(), IntStream.range(0, history.size())
                    .mapToDouble(i -> history.subList(Math.max(0, i + 1 - WINDOW), i + 1).stream().mapToDouble(Generation::mean).average().orElseThrow()).toArray());
        });
        return plot;
    }

    /** What V saw beside what it kept. */
    public static AnimatedGif animation(ReachFilm film) {
        return new AnimatedGif(4, 4).panel("what V sees", film.frames()).panel("decoded from z", film.decoded());
    }
}
