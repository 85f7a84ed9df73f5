package worldmodels.study.panda;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import worldmodels.evolution.Generation;
import worldmodels.report.AnimatedGif;
import worldmodels.report.Plot;

/** Pictures of how the world model reaches. */
public final class ReachFigures {

    private ReachFigures() {}

    /** The mean return of each search's candidates by generation, by the rows' names. */
    public static Plot searches(Map<String, ReachedController> byName) {
        Plot plot = new Plot("C on goals of its generation", "generation", "mean return of the candidates").wholeX();
        byName.forEach((name, found) -> {
            List<Generation> history = found.history();
            plot.line(name, IntStream.rangeClosed(1, history.size()).asDoubleStream().toArray(), history.stream().mapToDouble(Generation::mean).toArray());
        });
        return plot;
    }

    /** What V saw beside what it kept. */
    public static AnimatedGif animation(ReachFilm film) {
        return new AnimatedGif(4, 4).panel("what V sees", film.frames()).panel("decoded from z", film.decoded());
    }
}
