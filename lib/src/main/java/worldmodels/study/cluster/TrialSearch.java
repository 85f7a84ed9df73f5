package worldmodels.study.cluster;

import java.util.Arrays;
import java.util.List;
import worldmodels.evolution.Candidate;
import worldmodels.evolution.Generation;

/**
 * A short search, made to be compared.
 *
 * @param where       it was made
 * @param generations all of them
 * @param selected    what it found
 * @param executors   that worked; 0 where there was no cluster
 * @param killed      of these, ended while they worked
 */
public record TrialSearch(String where, List<Generation> generations, Candidate selected, int executors, int killed) {

    /** Whether both found the same weights by the same scores, bit for bit; how long they took is another matter. */
    public boolean isSameAs(TrialSearch other) {
        return Arrays.equals(selected.parameters(), other.selected.parameters()) && selected.selectionScore() == other.selected.selectionScore()
                && numbers(generations).equals(numbers(other.generations));
    }

    private static List<List<Double>> numbers(List<Generation> generations) {
        return generations.stream().map(g -> List.of(g.mean(), g.best(), g.worst(), g.sd(), g.sigma(), (double) g.steps(), g.selectionScore())).toList();
    }

    /** Seconds of all generations. */
    public double seconds() {
        return generations.stream().mapToDouble(Generation::seconds).sum();
    }

    /** Environment steps of all generations. */
    public long steps() {
        return generations.stream().mapToLong(Generation::steps).sum();
    }
}
