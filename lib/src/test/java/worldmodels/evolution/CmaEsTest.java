package worldmodels.evolution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.nn.Checkpoint;
import worldmodels.run.KitException;

class CmaEsTest {

    @TempDir
    Path folder;

    /** Everything that a search would go on from, as bytes. */
    private byte[] state(CmaEs es, String file) {
        Checkpoint.Draft draft = new Checkpoint.Draft("CmaEs");
        es.save(draft);
        draft.write(folder.resolve(file));
        try {
            return Files.readAllBytes(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CmaEs resumed(CmaEs es, String file) {
        state(es, file);
        return CmaEs.restore(Checkpoint.read(folder.resolve(file), "CmaEs"));
    }

    private static double[][] full(CmaEs es) {
        return ((FullCovariance) es.covariance()).c;
    }

    private static double sphere(double[] x) {
        return Arrays.stream(x).map(v -> v * v).sum();
    }

    private static double[] tellAll(CmaEs es, ToDoubleFunction<double[]> function) {
        double[] fitness = Arrays.stream(es.ask()).mapToDouble(function).toArray();
        es.tell(fitness);
        return fitness;
    }

    @Test
    void oneGenerationEqualsTheEquationsWorkedByHand() {
        // pycma's numbers for n = 2, population 6.
        double[] w = {0.6370425712412168, 0.28457025743803294, 0.07838717132075033,
            -0.28638378259655295, -0.7649580940851277, -1.1559817781589212};
        double muEff = 2.0286114646100617;
        double c1 = 0.1548153998964136;
        double cmu = 0.08559277942666424;
        double cc = 0.6245545390268264;
        double[] start = {3, -1};
        CmaEs es = new CmaEs(start, 0.5, 6, 11);
        double[][] x = es.ask();
        double[] fitness = Arrays.stream(x).mapToDouble(v -> v[0] * v[0] + 4 * v[1] * v[1]).toArray();
        Integer[] order = {0, 1, 2, 3, 4, 5};
        Arrays.sort(order, (i, j) -> Double.compare(fitness[i], fitness[j]));
        // C = I, so y = z = (x - m) / sigma.
        double[][] y = new double[6][];
        for (int k = 0; k < 6; k++) {
            y[k] = new double[] {(x[order[k]][0] - 3) / 0.5, (x[order[k]][1] + 1) / 0.5};
        }
        double[] step = new double[2];
        for (int k = 0; k < 3; k++) {
            step[0] += w[k] * y[k][0];
            step[1] += w[k] * y[k][1];
        }
        double lengthS = Math.sqrt(0.75 * muEff) * Math.hypot(step[0], step[1]); // c_s = 0.5: sqrt(c_s (2 - c_s) mu_eff)
        boolean steady = lengthS * lengthS / 0.75 / 2 < 2 + 4.0 / 3;
        assertTrue(steady, "this seed exercises the usual branch");
        double pathFactor = Math.sqrt(cc * (2 - cc) * muEff);
        double[][] c = new double[2][2];
        double sumW = Arrays.stream(w).sum();
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 2; j++) {
                c[i][j] = (i == j ? 1 - c1 - cmu * sumW : 0) + c1 * pathFactor * step[i] * pathFactor * step[j];
                for (int k = 0; k < 6; k++) {
                    double scale = w[k] < 0 ? 2 / Math.pow(Math.hypot(y[k][0], y[k][1]) + 1e-9, 2) : 1;
                    c[i][j] += cmu * w[k] * scale * y[k][i] * y[k][j];
                }
            }
        }
        es.tell(fitness);
        assertArrayEquals(new double[] {3 + 0.5 * step[0], -1 + 0.5 * step[1]}, es.mean(), 1e-13);
        assertEquals(0.5 * Math.exp(0.5 / 1.5 * (lengthS / 1.254272742818995 - 1)), es.sigma(), 1e-13);
        assertEquals(c[0][0], full(es)[0][0], 1e-13);
        assertEquals(c[1][0], full(es)[1][0], 1e-13);
        assertEquals(c[1][1], full(es)[1][1], 1e-13);
        assertEquals(fitness[order[0]], es.bestFitness());
        assertArrayEquals(x[order[0]], es.best(), 1e-15);
    }

    @Test
    void strategyParametersArePycmas() {
        StrategyParameters p = StrategyParameters.of(10, 10, CmaEs.Shape.FULL);
        assertEquals(3.1672992814107017, p.muEff(), 1e-13);
        assertEquals(0.015283824524751714, p.c1(), 1e-15);
        assertEquals(0.02355177665041747, p.cmu(), 1e-15);
        assertEquals(0.29499038303562225, p.cc(), 1e-14);
        assertEquals(0.3196142529106334, p.cs(), 1e-14);
        assertEquals(1.3196142529106334, p.damps(), 1e-14);
        assertEquals(3.0847265651690123, p.chiN(), 1e-14);
        assertEquals(0.2574956920299673, p.factorInterval(10), 1e-13);
        assertArrayEquals(new double[] {0.45627264690340597, 0.2707530970017852, 0.16223111715866978, 0.08523354710016448,
            0.025509591835974777, -0.08001260758087224, -0.22176416099914653, -0.34455494178482093, -0.45286408637842196,
            -0.5497499176973853}, p.weights(), 1e-14);
        assertEquals(24, CmaEs.defaultPopulation(867));
    }

    @Test
    void resumesBitForBit() {
        ToDoubleFunction<double[]> function = x -> sphere(x) + 100 * x[0] * x[1];
        CmaEs straight = new CmaEs(new double[] {1, 2, 3, 4, 5}, 0.3, 8, 5);
        CmaEs resumed = new CmaEs(new double[] {1, 2, 3, 4, 5}, 0.3, 8, 5);
        for (int g = 0; g < 60; g++) {
            tellAll(straight, function);
            tellAll(resumed, function);
            resumed = resumed(resumed, "resumed");
        }
        assertArrayEquals(state(straight, "a"), state(resumed, "b"));
        assertArrayEquals(straight.ask(), resumed.ask());
    }

    @Test
    void resumesBitForBitBetweenFactorisationsInManyDimensions() {
        CmaEs straight = new CmaEs(new double[300], 0.1, 21, 5);
        for (int g = 0; g < 10; g++) {
            tellAll(straight, x -> sphere(x) - x[7]);
        }
        CmaEs resumed = resumed(straight, "resumed");
        for (int g = 0; g < 10; g++) {
            tellAll(straight, x -> sphere(x) - x[7]);
            tellAll(resumed, x -> sphere(x) - x[7]);
        }
        assertArrayEquals(state(straight, "a"), state(resumed, "b"));
    }

    @Test
    void mirroredPairsHaveTheMeanInTheirMiddleAndSurviveAStop() {
        CmaEs es = new CmaEs(new double[] {3, -2, 1}, 0.5, 9, 5, CmaEs.Sampling.MIRRORED, CmaEs.Shape.FULL);
        for (int g = 0; g < 20; g++) {
            double[][] candidates = es.ask();
            double[] mean = es.mean();
            for (int k = 0; k + 1 < candidates.length; k += 2) {
                for (int i = 0; i < mean.length; i++) {
                    assertEquals(2 * mean[i], candidates[k][i] + candidates[k + 1][i], 1e-12);
                }
                assertNotEquals(candidates[k][0], candidates[k + 1][0]);
            }
            assertNotEquals(candidates[6][0], candidates[8][0], "of an odd population the last is alone");
            tellAll(es, x -> sphere(x) + x[0] * x[1]);
            es = resumed(es, "mirrored");
        }
        assertTrue(sphere(es.mean()) < 7, "it climbs down all the same: " + sphere(es.mean()));
        double[] independent = new CmaEs(new double[3], 0.5, 8, 5).ask()[0];
        assertArrayEquals(independent, new CmaEs(new double[3], 0.5, 8, 5, CmaEs.Sampling.MIRRORED, CmaEs.Shape.FULL).ask()[0], "the first of a pair is as before");
    }

    @Test
    void theDiagonalIsThatOfTheEquationsWithFasterRates() {
        StrategyParameters p = StrategyParameters.of(3, 6, CmaEs.Shape.DIAGONAL);
        StrategyParameters whole = StrategyParameters.of(3, 6, CmaEs.Shape.FULL);
        assertEquals(5.0 / 3 * whole.c1(), p.c1(), 1e-15);
        assertEquals(5.0 / 3 * whole.cmu(), p.cmu(), 1e-15);
        assertEquals(whole.cs(), p.cs());
        CmaEs es = new CmaEs(new double[] {3, -1, 2}, 0.5, 6, 11, CmaEs.Sampling.INDEPENDENT, CmaEs.Shape.DIAGONAL);
        double[][] x = es.ask();
        Integer[] order = {0, 1, 2, 3, 4, 5};
        Arrays.sort(order, (i, j) -> Double.compare(sphere(x[i]), sphere(x[j])));
        double[] start = es.mean();
        es.tell(Arrays.stream(x).mapToDouble(CmaEsTest::sphere).toArray());
        for (int i = 0; i < 3; i++) {
            double path = Math.sqrt(p.cc() * (2 - p.cc()) * p.muEff()) * (es.mean()[i] - start[i]) / 0.5;
            double variance = 1 - p.c1() - p.cmu() * Arrays.stream(p.weights()).sum() + p.c1() * path * path;
            for (int k = 0; k < 6; k++) {
                double[] y = new double[3];
                double[] candidate = x[order[k]];
                Arrays.setAll(y, j -> (candidate[j] - start[j]) / 0.5);
                double scale = p.weights()[k] < 0 ? 3 / Math.pow(Math.sqrt(sphere(y)) + 1e-9, 2) : 1;
                variance += p.cmu() * p.weights()[k] * scale * y[i] * y[i];
            }
            assertEquals(variance, es.covariance().variances()[i], 1e-12, "coordinate " + i);
        }
    }

    @Test
    void aDiagonalLearnsTheScalesOfManyCoordinatesInFewerGenerationsAndSurvivesAStop() {
        ToDoubleFunction<double[]> ellipsoid = x -> {
            double sum = 0;
            for (int i = 0; i < x.length; i++) {
                sum += Math.pow(1e4, i / (x.length - 1.0)) * x[i] * x[i];
            }
            return sum;
        };
        double[] start = new double[40];
        Arrays.fill(start, 1);
        CmaEs whole = new CmaEs(start, 0.5, 16, 3);
        CmaEs diagonal = new CmaEs(start, 0.5, 16, 3, CmaEs.Sampling.INDEPENDENT, CmaEs.Shape.DIAGONAL);
        while (diagonal.bestFitness() > 1e-6) {
            tellAll(diagonal, ellipsoid);
            tellAll(whole, ellipsoid);
            if (diagonal.generation() == 100) {
                byte[] before = state(diagonal, "diagonal");
                diagonal = resumed(diagonal, "resumed diagonal");
                assertArrayEquals(before, state(diagonal, "again"));
            }
            assertTrue(diagonal.generation() < 2000, "it comes no further than " + diagonal.bestFitness());
        }
        assertTrue(whole.bestFitness() > 1e3 * diagonal.bestFitness(), diagonal.bestFitness() + " against " + whole.bestFitness() + " with the full matrix");
    }

    @Test
    void aStateBetweenAskAndTellAsksTheSameAgain() {
        CmaEs es = new CmaEs(new double[4], 1, 8, 2);
        tellAll(es, CmaEsTest::sphere);
        double[][] asked = es.ask();
        CmaEs resumed = resumed(es, "resumed");
        assertArrayEquals(asked, resumed.ask());
        assertArrayEquals(asked, es.ask(), "asking twice gives the same candidates");
    }

    @Test
    void theSeedDecidesTheSamples() {
        assertArrayEquals(new CmaEs(new double[9], 1, 10, 4).ask(), new CmaEs(new double[9], 1, 10, 4).ask());
        assertFalse(Arrays.equals(new CmaEs(new double[9], 1, 10, 4).ask()[0], new CmaEs(new double[9], 1, 10, 5).ask()[0]));
    }

    @Test
    void ranksFitnessThatIsNotFiniteLastAndSaysSo() {
        CmaEs broken = new CmaEs(new double[3], 1, 8, 2);
        CmaEs worst = new CmaEs(new double[3], 1, 8, 2);
        double[][] x = broken.ask();
        worst.ask();
        double[] fitness = Arrays.stream(x).mapToDouble(CmaEsTest::sphere).toArray();
        double[] large = fitness.clone();
        fitness[1] = Double.NaN;
        fitness[4] = Double.NEGATIVE_INFINITY;
        large[1] = 1e10;
        large[4] = 1e11;
        broken.tell(fitness);
        worst.tell(large);
        assertArrayEquals(worst.mean(), broken.mean());
        assertArrayEquals(worst.ask(), broken.ask());
        assertEquals(1, broken.warnings().size());
        assertTrue(broken.warnings().getFirst().contains("2 of 8"), broken.warnings().getFirst());
        assertTrue(worst.warnings().isEmpty());
    }

    @Test
    void refusesAGenerationWithoutAnyFiniteFitness() {
        CmaEs es = new CmaEs(new double[3], 1, 8, 2);
        double[] nothing = new double[8];
        Arrays.fill(nothing, Double.NaN);
        es.ask();
        byte[] before = state(es, "before");
        assertThrows(KitException.class, () -> es.tell(nothing));
        assertArrayEquals(before, state(es, "after"), "nothing has changed");
    }

    @Test
    void warnsOfASmallPopulation() {
        assertTrue(new CmaEs(new double[867], 0.1, 4, 1).warnings().getFirst().contains("small"));
        assertTrue(new CmaEs(new double[867], 0.1, 24, 1).warnings().isEmpty());
    }

    @Test
    void warnsOfAPlateauButNotWhileTheSearchImproves() {
        CmaEs stuck = new CmaEs(new double[5], 1, 10, 1);
        CmaEs improving = new CmaEs(new double[] {9, 9, 9, 9, 9}, 1, 10, 1);
        for (int g = 0; g < 100; g++) {
            int generation = g;
            // Without a trend: the fitness of every generation is the same up to a wobble.
            double[][] x = stuck.ask();
            double[] fitness = new double[x.length];
            Arrays.setAll(fitness, k -> k + 0.1 * (generation * 7 % 5));
            stuck.tell(fitness);
            tellAll(improving, CmaEsTest::sphere);
        }
        assertTrue(stuck.warnings().stream().anyMatch(w -> w.contains("plateau")), stuck.warnings().toString());
        assertTrue(stuck.warnings().size() <= 5, "said once per window: " + stuck.warnings());
        assertTrue(improving.warnings().isEmpty(), improving.warnings().toString());
    }

    @Test
    void warnsWhenTheFitnessIsFlat() {
        CmaEs es = new CmaEs(new double[5], 1, 10, 1);
        tellAll(es, x -> 7);
        assertTrue(es.warnings().getFirst().contains("same fitness"), es.warnings().toString());
    }

    @Test
    void keepsTheBestCandidate() {
        CmaEs es = new CmaEs(new double[] {2, 2, 2}, 0.5, 7, 3);
        double least = Double.POSITIVE_INFINITY;
        for (int g = 0; g < 20; g++) {
            least = Math.min(least, Arrays.stream(tellAll(es, CmaEsTest::sphere)).min().orElseThrow());
        }
        assertEquals(least, es.bestFitness());
        assertEquals(least, sphere(es.best()));
        assertEquals(20, es.generation());
    }

    @Test
    void learnsTheShapeOfTheFunction() {
        CmaEs es = new CmaEs(new double[] {1, 1, 1, 1}, 0.5, 12, 3);
        while (es.bestFitness() > 1e-9) {
            tellAll(es, x -> x[0] * x[0] + 100 * x[1] * x[1] + 100 * x[2] * x[2] + 10_000 * x[3] * x[3]);
        }
        double ratio = full(es)[0][0] / full(es)[3][3];
        assertTrue(ratio > 2_000 && ratio < 50_000, "variances in a ratio of " + ratio + " on a function with 10,000");
    }

    @Test
    void refusesWhatItCannotUse() {
        assertThrows(KitException.class, () -> new CmaEs(new double[0], 1, 8, 1));
        assertThrows(KitException.class, () -> new CmaEs(new double[] {Double.NaN}, 1, 8, 1));
        assertThrows(KitException.class, () -> new CmaEs(new double[3], 0, 8, 1));
        assertThrows(KitException.class, () -> new CmaEs(new double[3], 1, 2, 1));
        CmaEs es = new CmaEs(new double[3], 1, 8, 1);
        assertThrows(KitException.class, () -> es.tell(new double[8]), "tell before ask");
        es.ask();
        assertThrows(KitException.class, () -> es.tell(new double[7]));
        new Checkpoint.Draft("CmaEs").text("population", "8").write(folder.resolve("empty"));
        assertThrows(KitException.class, () -> CmaEs.restore(Checkpoint.read(folder.resolve("empty"))));
    }
}
