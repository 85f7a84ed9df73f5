package worldmodels.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

class MixtureTest {

    /** Two components, one dimension: weights 1/4 and 3/4, N(-1, 0.5²) and N(2, 1). */
    private static final Mixture TWO = new Mixture(1, 2, 1, new float[] {0, (float) Math.log(3)}, new float[] {-1, 2},
            new float[] {(float) Math.log(0.5), 0});

    @Test
    void densityIsTheWeightedSumOfNormals() {
        for (double z : new double[] {-3, -1, 0.2, 2, 5}) {
            double byHand = 0.25 * normal(z, -1, 0.5) + 0.75 * normal(z, 2, 1);
            assertEquals(Math.log(byHand), TWO.logDensity(0, 0, z), 1e-6, "at " + z);
        }
    }

    @Test
    void farAwayLikelihoodStaysFinite() {
        // exp(-0.5 * 1e8) is 0 in floating point; the logarithm of the sum is not minus infinity.
        assertEquals(Math.log(0.75) - 0.5 * 9_998.0 * 9_998.0 - 0.9189385332046727, TWO.logDensity(0, 0, 10_000), 1);
    }

    @Test
    void standardNormalHasItsEntropy() {
        Mixture standard = new Mixture(1, 1, 1, new float[1], new float[1], new float[1]);
        Pcg64 random = Pcg64.seeded(5);
        double sum = 0;
        int draws = 200_000;
        for (int i = 0; i < draws; i++) {
            sum += standard.negativeLogLikelihood(new float[] {(float) random.standardNormal()});
        }
        assertEquals(1.4189385, sum / draws, 0.006, "z² / 2 has deviation 0.7071, so 0.006 is 3.8 standard errors");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.7, 1, 1.15, 3})
    void samplesHaveTheMomentsOfTheirTemperature(double temperature) {
        double[] sharpened = {Math.pow(0.25, 1 / temperature), Math.pow(0.75, 1 / temperature)};
        double sum = sharpened[0] + sharpened[1];
        double first = sharpened[0] / sum;
        double mean = -first + 2 * (1 - first);
        double variance = first * (temperature * 0.25 + 1) + (1 - first) * (temperature + 4) - mean * mean;
        assertArrayEquals(new double[] {first, 1 - first}, TWO.weights(0, 0, temperature), 1e-6);
        assertEquals(mean, TWO.expectation(0, 0, temperature), 1e-6);
        assertEquals(variance, TWO.variance(0, 0, temperature), 1e-5);

        Pcg64 random = Pcg64.seeded(17);
        int draws = 400_000;
        float[] z = new float[1];
        double total = 0;
        double squares = 0;
        for (int i = 0; i < draws; i++) {
            TWO.sample(0, temperature, random, z, 0);
            total += z[0];
            squares += (z[0] - mean) * (z[0] - mean);
        }
        assertEquals(mean, total / draws, 4 * Math.sqrt(variance / draws));
        assertEquals(variance, squares / draws, 0.02 * variance + 1e-3);
    }

    @Test
    void rowsDrawFromTheirOwnStreams() {
        Mixture both = new Mixture(2, 2, 1, new float[] {0, 1, 0, 1}, new float[] {0, 1, 0, 1}, new float[4]);
        float[] z = new float[2];
        both.sample(1, 1, Pcg64.seeded(3), z, 1);
        float alone = z[1];
        both.sample(0, 1, Pcg64.seeded(9), z, 0);
        both.sample(1, 1, Pcg64.seeded(3), z, 1);
        assertEquals(alone, z[1]);
    }

    @Test
    void refusesArraysOfAnotherShape() {
        assertThrows(KitException.class, () -> new Mixture(1, 2, 1, new float[2], new float[2], new float[3]));
        assertThrows(KitException.class, () -> TWO.negativeLogLikelihood(new float[2]));
        assertThrows(KitException.class, () -> TWO.sample(0, 0, Pcg64.seeded(1), new float[1], 0));
    }

    private static double normal(double z, double mean, double sigma) {
        double e = (z - mean) / sigma;
        return Math.exp(-0.5 * e * e) / (sigma * Math.sqrt(2 * Math.PI));
    }
}
