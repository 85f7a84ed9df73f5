package worldmodels.study.cluster;

import static worldmodels.report.Numbers.format;

import java.util.Arrays;
import java.util.List;
import worldmodels.evolution.GenerationTime;
import worldmodels.report.Columns;
import worldmodels.report.Plot;
import worldmodels.report.ResultTable;

/** Tables and the figure of clusters. */
public final class ClusterTables {

    /** Ha and Schmidhuber's search for C. */
    public static final int GENERATIONS = 1800;
    public static final int POPULATION = 64;
    public static final int TRACKS = 16;

    private static final int[] CORES = {1, 2, 8, 16, 32, 64, 128, 256, 512, 1000, 1024};
    /** Larger generations, for clusters that the paper's leaves idle: candidates, tracks. */
    private static final int[][] LARGER = {{64, 16}, {64, 64}, {256, 16}, {256, 64}};
    private static final double HOUR = 3600;
    private static final long SEED = 1;

    private ClusterTables() {}

    /** The same search in several places: what it found, which no place may change. */
    public static ResultTable searches(List<TrialSearch> searches) {
        Columns columns = new Columns("search", "last mean score", "score on selection tracks", "environment steps", "the same bits as the first");
        for (TrialSearch search : searches) {
            columns.add(search.where(), format("%.6f", search.generations().getLast().mean()), format("%.6f", search.selected().selectionScore()),
                    String.valueOf(search.steps()), search.isSameAs(searches.getFirst()) ? "yes" : "no");
        }
        return columns.table("One search for C, " + searches.getFirst().generations().size() + " generations");
    }

    /** How long they took. */
    public static ResultTable times(List<TrialSearch> searches) {
        Columns columns = new Columns("search", "executors", "of these killed", "seconds");
        searches.forEach(search -> columns.add(search.where(), String.valueOf(search.executors()), String.valueOf(search.killed()), format("%.1f", search.seconds())));
        return columns.table("The same searches: who worked, and how long");
    }

    /** What a generation costs beside its episodes. */
    public static ResultTable overhead(List<Overhead> measured) {
        Columns columns = new Columns("executors", "overhead of a generation, s", "sent, bytes", "received, bytes");
        measured.forEach(each -> columns.add(String.valueOf(each.executors()), format("%.3f", each.seconds()), String.valueOf(each.sent()), String.valueOf(each.received())));
        return columns.table("A generation of " + POPULATION + " candidates on " + TRACKS + " tracks whose episodes take no time");
    }

    /**
     * The paper's search on clusters of several sizes.
     *
     * @param measured lengths of episodes
     */
    public static ResultTable scaling(GenerationTime time, int[] measured) {
        int[][] lengths = GenerationTime.drawn(measured, POPULATION, TRACKS, SEED);
        Columns columns = new Columns("cores", "seconds of a generation", "hours of " + GENERATIONS + " generations", "cores' time used");
        for (int cores : CORES) {
            columns.add(String.valueOf(cores), format("%.1f", time.seconds(lengths, cores)), format("%.1f", time.seconds(lengths, cores) * GENERATIONS / HOUR),
                    format("%.0f %%", 100 * time.efficiency(lengths, cores)));
        }
        return columns.table(format("The paper's %d x %d x %d episodes, worked out: %.2f ms of a step and %.2f ms of a round, the longest of the episodes %d steps", GENERATIONS,
                POPULATION, TRACKS, 1000 * time.step(), 1000 * time.round(), Arrays.stream(measured).max().orElseThrow()));
    }

    /** What generation fills a cluster of 1,024 cores. */
    public static ResultTable filling(GenerationTime time, int[] measured) {
        int cores = CORES[CORES.length - 1];
        Columns columns = new Columns("candidates", "tracks", "episodes", "seconds of a generation", "cores' time used");
        for (int[] size : LARGER) {
            int[][] lengths = GenerationTime.drawn(measured, size[0], size[1], SEED);
            columns.add(String.valueOf(size[0]), String.valueOf(size[1]), String.valueOf(size[0] * size[1]), format("%.1f", time.seconds(lengths, cores)),
                    format("%.0f %%", 100 * time.efficiency(lengths, cores)));
        }
        return columns.table("What fills " + cores + " cores");
    }

    /** Hours against cores; the straight line is what they would be if no core ever waited. */
    public static Plot hours(GenerationTime time, int[] measured) {
        Plot plot = new Plot("The paper's search for C on a cluster", "cores", "hours").logX().logY();
        double[] cores = Arrays.stream(CORES).asDoubleStream().toArray();
        int[][] lengths = GenerationTime.drawn(measured, POPULATION, TRACKS, SEED);
        double[] hours = Arrays.stream(CORES).mapToDouble(n -> time.seconds(lengths, n) * GENERATIONS / HOUR).toArray();
        return plot.line("64 candidates on 16 tracks", cores, hours).line("if no core ever waited", cores, Arrays.stream(cores).map(n -> hours[0] / n).toArray());
    }
}
