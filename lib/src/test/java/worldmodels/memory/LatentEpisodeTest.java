package worldmodels.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.data.EncodedStore;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeStore;
import worldmodels.data.Exploration;
import worldmodels.data.Npy;
import worldmodels.data.RolloutEngine;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.env.TimeLimit;
import worldmodels.env.TinyWorld;
import worldmodels.random.Pcg64;
import worldmodels.run.Progress;

class LatentEpisodeTest {

    @Test
    void comesFromWhatWasRecordedAndEncoded(@TempDir Path folder) {
        EpisodeStore recorded = new EpisodeStore(folder.resolve("recorded"));
        try (BatchedEnvironment environments = new ThreadedEnvironments(3, 2, () -> new TimeLimit(new TinyWorld(4, 5, 25), 15))) {
            recorded.record(new RolloutEngine(environments), Exploration.BROWNIAN.policy(environments.actionSpace(), 3),
                    IntStream.range(0, 8).mapToObj(i -> new EpisodeJob(0, i)).toList(), false, Progress.NONE);
        }
        EncodedStore encoded = new EncodedStore(folder.resolve("encoded"));
        encoded.encode(recorded, recorded.episodes(), 2, Npy.Type.FLOAT16, (frames, count, mu, logvar) -> {
            for (int i = 0; i < count; i++) {
                mu[2 * i + 1] = frames.get(48 * i) / 128f;
                logvar[2 * i] = -1;
            }
        }, Progress.NONE);
        List<LatentEpisode> episodes = LatentEpisode.read(encoded, encoded.episodes());
        boolean cutOff = false;
        for (int i = 0; i < 8; i++) {
            var original = recorded.read(recorded.episodes().get(i));
            LatentEpisode episode = episodes.get(i);
            int last = original.length() - 1;
            assertEquals(original.length(), episode.frames());
            assertEquals(original.actions()[3 * last + 1], episode.action(last, 1));
            assertEquals(original.rewards()[last], episode.reward(last));
            assertEquals(original.observation(last)[0] / 128f, episode.mean(last, 1));
            assertEquals(-1, episode.logVariance(last, 0));
            // The time limit's cut is no end of the task.
            assertTrue(original.done()[last]);
            assertEquals(recorded.episodes().get(i).terminated(), episode.ended(last));
            cutOff |= !episode.ended(last);
        }
        assertTrue(cutOff);
    }

    private static LatentEpisode ended(float lastReward) {
        return new LatentEpisode(1, new float[3], new float[3], new float[3], new float[] {3, -0.1f, lastReward}, true);
    }

    /** CarRacing V0 and V3 terminate both where the car leaves the field and where it finishes the lap. */
    @Test
    void aFinishedLapIsNotTakenForLeavingTheField() {
        LatentEpisode left = ended(-100).endingOnlyBy(-100);
        assertTrue(left.ended(2));
        assertEquals(0, left.reward(2), "the fine is the environment's rule");
        LatentEpisode lap = ended(3.2f).endingOnlyBy(-100);
        assertFalse(lap.ended(2), "M is told that the recording stops");
        assertEquals(3.2f, lap.reward(2));
        assertEquals(lap.frames() - 1, lap.steps(), "no next frame, so nothing is said of the last step");
        assertEquals(left.frames(), left.steps());
    }

    @Test
    void zIsDrawnAboutItsMeanWithinADeviation() {
        LatentEpisode episode = new LatentEpisode(2, new float[] {1, 2, 1, 2}, new float[] {0, -6, 0, -6}, new float[2], new float[2], false);
        Pcg64 random = Pcg64.seeded(3);
        double[] squares = new double[4];
        for (int i = 0; i < 4000; i++) {
            float[] z = new float[4];
            episode.draw(1, Float.POSITIVE_INFINITY, random, z, 0);
            episode.draw(1, 0.1f, random, z, 2);
            for (int d = 0; d < 4; d++) {
                squares[d] += Math.pow(z[d] - (d % 2 == 0 ? 1 : 2), 2) / 4000;
            }
        }
        double[] expected = {1, Math.exp(-6), 0.01, Math.exp(-6)};
        for (int d = 0; d < 4; d++) {
            assertEquals(expected[d], squares[d], 0.1 * expected[d], "number " + d);
        }
    }
}
