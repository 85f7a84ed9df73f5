package worldmodels.study.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import worldmodels.evolution.Candidate;
import worldmodels.evolution.Generation;
import worldmodels.evolution.GenerationTime;
import worldmodels.report.ResultTable;

class ClusterTablesTest {

    private static TrialSearch search(String where, double seconds, double weight) {
        Generation one = new Generation(1, 10, 20, 5, 3, 0.1, 400, seconds, Double.NaN);
        Generation two = new Generation(2, 12.5, 21, 6, 3, 0.1, 600, seconds, 14);
        return new TrialSearch(where, List.of(one, two), new Candidate(new double[] {weight, 2}, 2, 14, 1, 4), 3, 1);
    }

    private static List<String> rows(ResultTable table) {
        return table.csv().lines().skip(1).toList();
    }

    @Test
    void aSearchIsTheSameByItsBitsAndNotByItsSeconds() {
        TrialSearch here = search("here", 1, 1);
        TrialSearch there = search("there", 9, 1);
        TrialSearch other = search("other", 1, Math.nextUp(1.0));
        assertTrue(here.isSameAs(there));
        assertFalse(here.isSameAs(other));
        List<TrialSearch> all = List.of(here, there, other);
        assertEquals(List.of("here,12.500000,14.000000,1000,yes", "there,12.500000,14.000000,1000,yes", "other,12.500000,14.000000,1000,no"),
                rows(ClusterTables.searches(all)));
        assertEquals(List.of("here,3,1,2.0", "there,3,1,18.0", "other,3,1,2.0"), rows(ClusterTables.times(all)));
    }

    /**
     * 1024 episodes of 1000 steps: 1024 s of work on one core in three shares, each with a round of 1000 · 0.2 ms. On 1000 cores some have two episodes,
     * one after the other; on 1024 each has one.
     */
    @Test
    void thePapersSearchIsWorkedOut() {
        ResultTable table = ClusterTables.scaling(new GenerationTime(0.0002, 0.001, 0), new int[] {1000});
        assertEquals("1,1024.6,512.3,100 %", rows(table).getFirst());
        assertEquals(List.of("1000,2.2,1.1,47 %", "1024,1.2,0.6,83 %"), rows(table).subList(rows(table).size() - 2, rows(table).size()));
    }
}
