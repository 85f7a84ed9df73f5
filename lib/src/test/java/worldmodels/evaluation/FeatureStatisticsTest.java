package worldmodels.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.nn.Compute;
import worldmodels.nn.TorchScriptFiles;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.WholeFile;

class FeatureStatisticsTest {

    private static final NDManager MANAGER = Compute.newManager();

    @TempDir
    Path folder;

    @AfterAll
    static void close() {
        MANAGER.close();
    }

    private static FeatureStatistics gaussian(double[] mean, double[][] covariance) {
        return new FeatureStatistics("f", 100, mean, covariance);
    }

    private static double distance(FeatureStatistics a, FeatureStatistics b) {
        return a.frechetDistance(MANAGER, b);
    }

    @Test
    void equalsTheClosedFormsOfOneDimensionAndOfDiagonalCovariances() {
        // (m1 - m2)² + (s1 - s2)²
        assertEquals(9 + 4, distance(gaussian(new double[] {1}, new double[][] {{9}}), gaussian(new double[] {4}, new double[][] {{1}})), 1e-12);
        FeatureStatistics a = gaussian(new double[] {0, 1, 2}, new double[][] {{4, 0, 0}, {0, 1, 0}, {0, 0, 0}});
        FeatureStatistics b = gaussian(new double[] {0, 0, 0}, new double[][] {{1, 0, 0}, {0, 16, 0}, {0, 0, 25}});
        assertEquals(1 + 4 + 1 + 9 + 25, distance(a, b), 1e-12);
        assertEquals(distance(b, a), distance(a, b), 1e-12);
        assertEquals(0, distance(a, a), 1e-12);
    }

    @Test
    void equalsTheClosedFormOfTwoDimensions() {
        // tr (AB)^(1/2) = √(tr AB + 2 √det AB) for 2 x 2; here tr AB = 2·5 + 1·2 + 1·2 + 3·1 = 17, det AB = 5 · 1 = 5.
        FeatureStatistics a = gaussian(new double[2], new double[][] {{2, 1}, {1, 3}});
        FeatureStatistics b = gaussian(new double[2], new double[][] {{5, 2}, {2, 1}});
        assertEquals(5 + 6 - 2 * Math.sqrt(17 + 2 * Math.sqrt(5)), distance(a, b), 1e-12);
    }

    @Test
    void samplesOfTwoGaussiansLieAboutAsFarApartAsTheGaussians() {
        // 3 features with means 0 and 1, standard deviations 1 and 2: 3 (1 + 1) = 6.
        Pcg64 random = Pcg64.stream(1, "frechet");
        FeatureExtractor raw = identity("raw");
        FeatureStatistics.Batches one = (manager, i) -> sample(manager, random, 0, 1);
        FeatureStatistics.Batches two = (manager, i) -> sample(manager, random, 1, 2);
        FeatureStatistics a = FeatureStatistics.of(MANAGER, raw, one, 20, Progress.NONE);
        FeatureStatistics b = FeatureStatistics.of(MANAGER, raw, two, 20, Progress.NONE);
        assertEquals(20_000, a.count());
        assertEquals(1, a.covariance()[1][1], 0.05);
        assertEquals(6, distance(a, b), 0.2);
    }

    private static NDArray sample(NDManager manager, Pcg64 random, double mean, double deviation) {
        float[] values = new float[3000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (mean + deviation * random.standardNormal());
        }
        return manager.create(values, new Shape(1000, 3));
    }

    private static FeatureExtractor identity(String name) {
        return new FeatureExtractor() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public NDArray features(NDArray pictures) {
                return pictures;
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void meanAndCovarianceAreThoseWorkedByHand() {
        FeatureStatistics.Batches batches = (manager, i) -> manager.create(i == 0 ? new float[] {1, 2, 3, 6} : new float[] {5, 1},
                new Shape(i == 0 ? 2 : 1, 2));
        FeatureStatistics s = FeatureStatistics.of(MANAGER, identity("raw"), batches, 2, Progress.NONE);
        assertEquals(3, s.count());
        assertArrayEquals(new double[] {3, 3}, s.mean(), 1e-12);
        assertArrayEquals(new double[] {4, -1}, s.covariance()[0], 1e-12);
        assertArrayEquals(new double[] {-1, 7}, s.covariance()[1], 1e-12);
    }

    @Test
    void featuresOfDifferentKindsAreNotCompared() {
        FeatureStatistics other = new FeatureStatistics("g", 100, new double[1], new double[1][1]);
        KitException e = assertThrows(KitException.class, () -> distance(gaussian(new double[1], new double[1][1]), other));
        assertTrue(e.getMessage().contains("f from g"), e.getMessage());
    }

    @Test
    void randomConvolutionsGrowWithTheDamageToAPicture() {
        try (RandomConvolutions features = new RandomConvolutions(); RandomConvolutions again = new RandomConvolutions()) {
            FeatureStatistics clean = FeatureStatistics.of(MANAGER, features, (m, i) -> stripes(m, i, 0), 4, Progress.NONE);
            FeatureStatistics same = FeatureStatistics.of(MANAGER, again, (m, i) -> stripes(m, i, 0), 4, Progress.NONE);
            FeatureStatistics little = FeatureStatistics.of(MANAGER, features, (m, i) -> stripes(m, i, 10), 4, Progress.NONE);
            FeatureStatistics much = FeatureStatistics.of(MANAGER, features, (m, i) -> stripes(m, i, 60), 4, Progress.NONE);
            assertEquals(352, clean.mean().length);
            assertArrayEquals(clean.mean(), same.mean());
            double none = distance(clean, same);
            double some = distance(clean, little);
            double most = distance(clean, much);
            assertTrue(Math.abs(none) < 1e-3 * some && 2 * some < most, none + " " + some + " " + most);
        }
    }

    /** Sixteen pictures of slanted stripes with noise up to an amount. */
    private static NDArray stripes(NDManager manager, int batch, int noise) {
        Pcg64 random = Pcg64.stream(batch, "stripes");
        byte[] bytes = new byte[16 * 64 * 64 * 3];
        for (int i = 0; i < bytes.length; i++) {
            int x = i / 3 % 64;
            int y = i / 3 / 64 % 64;
            int picture = i / (64 * 64 * 3);
            bytes[i] = (byte) Math.clamp(128 + 90 * Math.signum(Math.sin(0.1 * (picture + 3) * x + 0.3 * y)) + noise * random.standardNormal(), 0, 255);
        }
        return manager.create(ByteBuffer.wrap(bytes), new Shape(16, 64, 64, 3), DataType.UINT8);
    }

    @Test
    void aNetworkFromAFileGivesFeaturesAndItsSwitchIsSet() {
        Path plain = TorchScriptFiles.write(folder.resolve("plain.pt"), """
                def forward(self, x: Tensor) -> Tensor:
                  return torch.mean(x, [2, 3])
                """);
        Path switched = TorchScriptFiles.write(folder.resolve("switched.pt"), """
                def forward(self, x: Tensor, features: bool) -> Tensor:
                  y = torch.mean(x, [2, 3])
                  if features:
                    z = torch.mul(y, 2)
                  else:
                    z = y
                  return z
                """);
        try (NDManager scope = MANAGER.newSubManager(); TorchScriptFeatures a = new TorchScriptFeatures(plain);
                TorchScriptFeatures b = new TorchScriptFeatures(switched)) {
            NDArray pictures = scope.full(new Shape(2, 8, 8, 3), 7).toType(DataType.UINT8, false);
            assertArrayEquals(new float[] {7, 7, 7, 7, 7, 7}, a.features(pictures).toFloatArray());
            assertArrayEquals(new float[] {14, 14, 14, 14, 14, 14}, b.features(pictures).toFloatArray());
            assertEquals("features of plain.pt", a.name());
        }
    }

    @Test
    void aMissingOrOtherFileIsOneSentence() {
        KitException missing = assertThrows(KitException.class, () -> new TorchScriptFeatures(folder.resolve("none.pt")));
        assertTrue(missing.getMessage().contains("inception-2015-12-05.pt"), missing.getMessage());
        Path text = folder.resolve("text.pt");
        WholeFile.writeText(text, "no network");
        KitException other = assertThrows(KitException.class, () -> new TorchScriptFeatures(text));
        assertTrue(other.getMessage().contains("torch.jit.save"), other.getMessage());
        Path flat = TorchScriptFiles.write(folder.resolve("flat.pt"), """
                def forward(self, x: Tensor, y: Tensor, z: Tensor) -> Tensor:
                  return x
                """);
        KitException shape = assertThrows(KitException.class, () -> new TorchScriptFeatures(flat));
        assertTrue(shape.getMessage().contains("does not take one picture"), shape.getMessage());
    }
}
