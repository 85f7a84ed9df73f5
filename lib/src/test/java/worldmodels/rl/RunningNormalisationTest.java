package worldmodels.rl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.nn.Checkpoint;
import worldmodels.random.Pcg64;

class RunningNormalisationTest {

    private static float[] normalised(RunningNormalisation normalisation, float... observation) {
        float[] result = new float[observation.length];
        normalisation.apply(observation, 0, result, 0);
        return result;
    }

    /** A thousand numbers far from 0, where the mean of squares less the square of the mean would fail. */
    @Test
    void isTheDistanceFromTheMeanInDeviations() {
        RunningNormalisation normalisation = new RunningNormalisation(1);
        Pcg64 random = Pcg64.seeded(1);
        double[] seen = new double[1000];
        for (int i = 0; i < seen.length; i++) {
            float value = (float) (1000 + 0.1 * random.standardNormal());
            seen[i] = value;
            normalisation.see(new float[] {value});
        }
        double mean = Arrays.stream(seen).average().orElseThrow();
        double variance = Arrays.stream(seen).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
        assertEquals((1000.25f - mean) / Math.sqrt(variance), normalised(normalisation, 1000.25f)[0], 1e-4);
    }

    @Test
    void leavesEverythingAsItIsBeforeAnythingWasSeen() {
        assertArrayEquals(new float[] {300, -2}, normalised(new RunningNormalisation(2), 300, -2));
    }

    @Test
    void goesNoFartherThanTen() {
        RunningNormalisation normalisation = new RunningNormalisation(2);
        normalisation.see(new float[] {1, 0});
        normalisation.see(new float[] {1, 2});
        // The first never moved.
        assertArrayEquals(new float[] {10, -10}, normalised(normalisation, 2, -50));
        assertArrayEquals(new float[] {0, 1}, normalised(normalisation, 1, 2), 1e-6f);
    }

    @Test
    void goesOnFromACheckpoint(@TempDir Path folder) {
        RunningNormalisation normalisation = new RunningNormalisation(1);
        normalisation.see(new float[] {0.3f});
        normalisation.see(new float[] {0.7f});
        Checkpoint.Draft draft = new Checkpoint.Draft("normalisation");
        normalisation.save(draft);
        draft.write(folder.resolve("file"));
        RunningNormalisation restored = new RunningNormalisation(1);
        restored.restore(Checkpoint.read(folder.resolve("file")));
        assertArrayEquals(normalised(normalisation, 0.1f), normalised(restored, 0.1f));
        normalisation.see(new float[] {0.9f});
        restored.see(new float[] {0.9f});
        assertArrayEquals(normalised(normalisation, 0.1f), normalised(restored, 0.1f));
    }
}
