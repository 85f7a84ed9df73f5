package worldmodels.evolution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import worldmodels.agent.ClusterRollouts;
import worldmodels.run.KitException;

class GenerationTimeTest {

    private static final GenerationTime MODEL = new GenerationTime(0.01, 0.001, 0.5);

    /** Two shares of four episodes each on two cores: 0.01 · 40 + 0.001 · 100 and 0.01 · 10 + 0.001 · 40. */
    @Test
    void theLastCoreEndsTheGeneration() {
        assertArrayEquals(new int[] {0, 4, 8}, ClusterRollouts.bounds(8, 2));
        int[][] lengths = {{10, 20, 30, 40}, {10, 10, 10, 10}};
        assertEquals(0.5 + 0.4 + 0.1, MODEL.seconds(lengths, 2), 1e-12);
        assertEquals(0.5 + 0.4 + 0.1 + 0.1 + 0.04, MODEL.seconds(lengths, 1), 1e-12);
    }

    @Test
    void noClusterIsFasterThanItsLongestEpisode() {
        int[][] lengths = GenerationTime.drawn(new int[] {100, 900}, 64, 16, 1);
        double longest = 0.5 + 900 * (0.01 + 0.001);
        assertEquals(longest, MODEL.seconds(lengths, 64 * 16), 1e-9);
        assertEquals(longest, MODEL.seconds(lengths, 100_000), 1e-9);
    }

    @Test
    void moreCoresAreFasterAndLessWellUsed() {
        int[][] lengths = GenerationTime.drawn(new int[] {300, 500, 1000}, 64, 16, 1);
        for (int cores = 1; cores <= 512; cores *= 2) {
            assertTrue(MODEL.seconds(lengths, 2 * cores) < MODEL.seconds(lengths, cores), cores + " cores");
        }
        assertEquals(1, MODEL.efficiency(lengths, 1), 1e-12);
        assertTrue(MODEL.efficiency(lengths, 1000) < 0.5);
    }

    @Test
    void twoMeasurementsTellTheCosts() {
        GenerationTime measured = GenerationTime.measured(1 / (0.01 + 0.001), 16 / (0.01 + 16 * 0.001), 16, 0.5);
        assertEquals(0.01, measured.round(), 1e-12);
        assertEquals(0.001, measured.step(), 1e-12);
        assertThrows(KitException.class, () -> GenerationTime.measured(100, 20_000, 16, 0));
    }

    @Test
    void everyShareHasEpisodesAndEveryCoreAShareIfItCan() {
        for (int episodes : new int[] {1, 3, 24, 1024}) {
            for (int cores : new int[] {1, 2, 8, 500, 5000}) {
                int[] bounds = ClusterRollouts.bounds(episodes, cores);
                assertEquals(episodes, bounds[bounds.length - 1]);
                assertTrue(bounds.length - 1 >= Math.min(episodes, cores), episodes + " episodes on " + cores + " cores");
                for (int k = 1; k < bounds.length; k++) {
                    assertTrue(bounds[k] > bounds[k - 1]);
                }
            }
        }
    }
}
