package worldmodels.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

class LinearProbeTest {

    private final Pcg64 random = Pcg64.stream(1, "probe");

    private double[][] vectors(int count) {
        double[][] vectors = new double[count][];
        for (int i = 0; i < count; i++) {
            vectors[i] = new double[] {random.standardNormal(), 7, random.standardNormal()};
        }
        return vectors;
    }

    private double[] values(double[][] vectors, double noise) {
        double[] values = new double[vectors.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = 3 + 2 * vectors[i][0] - vectors[i][2] + noise * random.standardNormal();
        }
        return values;
    }

    @Test
    void aWeightedSumIsFoundAndANumberThatNeverMovesGetsNoWeight() {
        double[][] x = vectors(50);
        LinearProbe probe = LinearProbe.fit(x, values(x, 0));
        assertArrayEquals(new double[] {3, 2, 0, -1}, probe.weights(), 1e-10);
        double[][] unseen = vectors(20);
        assertEquals(1, probe.share(unseen, values(unseen, 0)), 1e-12);
    }

    @Test
    void theShareIsWhatNoiseLeavesOfTheVariance() {
        // The sum's variance is 4 + 1, the noise's 5: half of it can be told.
        double[][] x = vectors(20_000);
        LinearProbe probe = LinearProbe.fit(x, values(x, Math.sqrt(5)));
        double[][] unseen = vectors(20_000);
        assertEquals(0.5, probe.share(unseen, values(unseen, Math.sqrt(5))), 0.03);
        double[] unrelated = new double[unseen.length];
        for (int i = 0; i < unrelated.length; i++) {
            unrelated[i] = random.standardNormal();
        }
        assertTrue(LinearProbe.fit(x, unrelated).share(unseen, values(unseen, 0)) < 0);
    }

    @Test
    void vectorsThatNeverMoveTellTheMean() {
        double[][] same = {{1}, {1}, {1}};
        assertArrayEquals(new double[] {2, 0}, LinearProbe.fit(same, new double[] {1, 2, 3}).weights(), 1e-12);
    }

    @Test
    void tooFewMomentsAndNumbersThatSayTheSameAreRefused() {
        KitException few = assertThrows(KitException.class, () -> LinearProbe.fit(vectors(3), new double[3]));
        assertTrue(few.getMessage().contains("more than 4 moments"), few.getMessage());
        double[][] twice = {{1, 1}, {2, 2}, {3, 3}, {5, 5}};
        KitException same = assertThrows(KitException.class, () -> LinearProbe.fit(twice, new double[] {1, 2, 3, 4}));
        assertTrue(same.getMessage().contains("apart"), same.getMessage());
    }
}
