package worldmodels.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
}
