package worldmodels.study.dream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeResult;
import worldmodels.data.StoredEpisode;
import worldmodels.memory.LatentEpisode;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MdnRnnShape;
import worldmodels.nn.Compute;

/** What is said of a dream and of recordings, on cases whose answer is known. */
class DreamMeasuresTest {

    private static StoredEpisode stored(double episodeReturn, int length, boolean terminated) {
        return new StoredEpisode("e", new EpisodeResult(new EpisodeJob(0, 1), episodeReturn, length, terminated, !terminated), 1, "", "");
    }

    @Test
    void aFinishedLapCoversTheWholeRoadAndNoMore() {
        assertEquals(1, IterativeTraining.tileShare(stored(1000 - 0.1 * 700, 700, true)), 1e-9, "V0 and V3 terminate there");
        assertEquals(1, IterativeTraining.tileShare(stored(1000 - 0.1 * 700, 700, false)), 1e-9, "V2 truncates");
        assertEquals(0.5, IterativeTraining.tileShare(stored(500 - 0.1 * 300 - 100, 300, true)), 1e-9, "who has left the field has paid for it");
        assertEquals(0.5, IterativeTraining.tileShare(stored(500 - 0.1 * 300, 300, false)), 1e-9);
    }

    /** The first number of z goes up with time and V is sure of it; the second is noise. */
    private static LatentEpisode ramp(int frames) {
        float[] mean = new float[2 * frames];
        float[] logVariance = new float[2 * frames];
        for (int t = 0; t < frames; t++) {
            mean[2 * t] = t / 64f;
            logVariance[2 * t] = -4;
        }
        float[] reward = new float[frames];
        Arrays.fill(reward, 0.25f);
        return new LatentEpisode(2, mean, logVariance, new float[frames], reward, false);
    }

    @Test
    void onlyNumbersThatVUsesAreActive() {
        assertArrayEquals(new int[] {0}, DreamCheck.active(List.of(ramp(200))));
    }

    /** An M that says N(0, 1) of both: of the ramp, without noise, -ln p is known; of the noise it would be 1.419 more or less. */
    @Test
    void surpriseIsThatOfActiveNumbersAlone() {
        try (NDManager manager = Compute.newManager(); MdnRnn memory = new MdnRnn(manager, new MdnRnnShape(2, 1, 4, 1, true, true), 1)) {
            memory.parameters().set("output.weight", memory.parameters().array("output.weight").zerosLike());
            memory.parameters().set("output.bias", memory.parameters().array("output.bias").zerosLike());
            double expected = 0;
            for (int t = 1; t < 200; t++) {
                expected += 0.5 * Math.log(2 * Math.PI) + 0.5 * Math.pow(t / 64.0, 2);
            }
            assertEquals(expected / 199, DreamCheck.surprise(memory, List.of(ramp(200)), 0, 1), 1e-5);
        }
    }

    /** An M that says 0 for ever, with a deviation of 1: the mean of 16 such dreams is nearer to 0 than any one, and "nothing moves" is off by the ramp. */
    @Test
    void theOpenLoopIsTheMeanOfDreamsAgainstNothingMoves() {
        try (NDManager manager = Compute.newManager(); MdnRnn memory = new MdnRnn(manager, new MdnRnnShape(2, 1, 4, 1, true, true), 1)) {
            memory.parameters().set("output.weight", memory.parameters().array("output.weight").zerosLike());
            var bias = memory.parameters().array("output.bias").zerosLike();
            bias.set(new NDIndex(6), 0.25f);
            bias.set(new NDIndex(7), -30);
            memory.parameters().set("output.bias", bias);
            DreamCheck check = DreamCheck.of(memory, List.of(ramp(200), ramp(200), ramp(200), ramp(200)), 0, 1);
            double one = 0;
            for (int k = 1; k <= 100; k++) {
                DreamCheck.Ahead ahead = check.openLoop().get(k - 1);
                assertEquals(k, ahead.steps());
                assertEquals(k / 64.0, ahead.stayed(), 1e-3, "the ramp since the last frame that M saw");
                assertEquals(0, ahead.reward(), 1e-4, "every step's reward is as M says");
                assertEquals(0, ahead.without(), 1e-4, "and the mean");
                double truth = (60 + k) / 64.0;
                one += (Math.pow(ahead.z(), 2) - truth * truth) / 100;
            }
            // The variance of a mean of 16 draws is 1/16, not 1.
            assertTrue(one > 0 && one < 0.15, "variance " + one);
        }
    }
}
