package worldmodels.planet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import java.nio.file.Path;
import java.util.List;
import worldmodels.data.Episode;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeStore;
import worldmodels.data.RolloutEngine;
import worldmodels.data.WhiteNoise;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.nn.Compute;
import worldmodels.run.Progress;

class RewardForecastTest {

    @TempDir
    Path folder;

    /** Deviations -1, 0, 1 and 1, -2, 1: products sum to 0. And 1 2 3 with 1 2 4: 3 over the root of 2 times 14/3. */
    @Test
    void correlationIsPearsons() {
        assertEquals(0, RewardForecast.correlation(new double[] {1, 2, 3}, new double[] {4, 1, 4}), 1e-12);
        assertEquals(3 / Math.sqrt(2 * 14.0 / 3), RewardForecast.correlation(new double[] {1, 2, 3}, new double[] {1, 2, 4}), 1e-12);
        assertEquals(-1, RewardForecast.correlation(new double[] {1, 2}, new double[] {9, 3}), 1e-12);
        assertEquals(0, RewardForecast.correlation(new double[] {1, 2}, new double[] {3, 3}), 1e-12);
    }

    /** A reward network that says 0 whatever it sees is wrong by each reward itself, at every distance. */
    @Test
    void errorsAreThoseOfTheRewardsThatCame() {
        Episode episode;
        try (ThreadedEnvironments environments = new ThreadedEnvironments(1, 1, Toy.task(6)::environment);
                WhiteNoise random = new WhiteNoise(environments.actionSpace(), 1)) {
            EpisodeStore store = new EpisodeStore(folder);
            store.record(new RolloutEngine(environments), random, List.of(new EpisodeJob(0, 1)), false, Progress.NONE);
            episode = store.read(store.own().getFirst());
        }
        try (NDManager manager = Compute.newManager(); PlanetModel model = new PlanetModel(manager, Toy.shape(Dynamics.RSSM), 1)) {
            model.parameters().set("reward.output.weight", model.parameters().array("reward.output.weight").zerosLike());
            RewardForecast forecast = RewardForecast.of(model, PixelDepth.FIVE_BITS, episode, new MovingDot(1).actionSpace(), 2, 1);
            for (int d = 1; d <= 2; d++) {
                double squares = 0;
                // Reward t of the recording came with frame t + 1; the first that is told d steps ahead came with frame d.
                for (int frame = d; frame < episode.length(); frame++) {
                    squares += Math.pow(episode.rewards()[frame - 1], 2) / (episode.length() - d);
                }
                assertEquals(Math.sqrt(squares), forecast.errors()[d - 1], 1e-6);
            }
            assertEquals(0, forecast.correlation());
            assertTrue(forecast.spread() > 0 && forecast.unexplained() > 0);
        }
    }
}
