package worldmodels.planet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import worldmodels.data.Episode;
import worldmodels.nn.Compute;
import worldmodels.run.KitException;

class ForesightTest {

    private static final int LENGTH = 6;

    @Test
    void isTheReconstructionWhileWatchingAndGoesOnAloneAfter() {
        try (NDManager manager = Compute.newManager(); PlanetModel model = new PlanetModel(manager, Toy.shape(Dynamics.RSSM), 1)) {
            Episode episode = episode();
            Foresight foresight = Foresight.of(model, PixelDepth.FIVE_BITS, episode, new MovingDot(1).actionSpace(), 3, LENGTH, 1);
            assertEquals(LENGTH, foresight.real().length);
            for (int t = 0; t < LENGTH; t++) {
                assertArrayEquals(episode.observation(t), foresight.real()[t]);
                assertEquals(t < 3, Arrays.equals(foresight.reconstructed()[t], foresight.predicted()[t]), "frame " + t);
            }
            // The reward of the step that led to a frame.
            assertEquals(episode.rewards()[1], foresight.reward()[2]);
            assertEquals(foresight.rewardOfWatched()[2], foresight.rewardPredicted()[2], 1e-5);
            assertFalse(Arrays.equals(foresight.rewardOfWatched(), foresight.rewardPredicted()));
        }
    }

    @Test
    void refusesToWatchMoreThanThereIs() {
        try (NDManager manager = Compute.newManager(); PlanetModel model = new PlanetModel(manager, Toy.shape(Dynamics.RSSM), 1)) {
            assertThrows(KitException.class, () -> Foresight.of(model, PixelDepth.FIVE_BITS, episode(), new MovingDot(1).actionSpace(), 3, LENGTH + 1, 1));
        }
    }

    private static Episode episode() {
        SequenceBatch frames = Toy.batch(LENGTH, 1, 3);
        byte[] pixels = new byte[LENGTH * SequenceReplay.FRAME];
        frames.frames().get(0, pixels);
        return new Episode(pixels, new int[] {64, 64, 3}, new float[] {0.1f, -0.5f, 1, 0.3f, 0, 0.2f}, new float[] {1, 2, 3, 4, 5, 6}, new boolean[LENGTH]);
    }
}
