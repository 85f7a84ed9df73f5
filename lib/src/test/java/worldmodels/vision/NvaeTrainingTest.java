package worldmodels.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.nn.Compute;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;
import worldmodels.vision.nvae.NvaeShape;

class NvaeTrainingTest {

    private static final FrameSource TRAINING = Discs.source(0);
    private static final FrameSource VALIDATION = Discs.source(1_000_000);
    private static final NvaeShape SMALL = new NvaeShape(8, 4, 1, 1, 0, 2, 1, 1, 2, false, 0, 0);

    @TempDir
    Path folder;

    private final NDManager manager = Compute.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    private static NvaeTraining.Settings settings(long steps, float rate) {
        return new NvaeTraining.Settings(SMALL, 8, rate, 0.01f, 0.5f, steps, 6, 2, 50, 7);
    }

    private NvaeTraining.Result train(NvaeTraining.Settings settings, FrameSource training, Path file) {
        return NvaeTraining.run(manager, settings, training, VALIDATION, file, Progress.NONE);
    }

    /** A model whose z told nothing could at best show the mean picture always. */
    @Test
    @Tag("slow")
    void zAloneTellsMoreThanTheMeanPicture() {
        NvaeTraining.Settings settings = new NvaeTraining.Settings(SMALL, 8, 0.01f, 0.01f, 0.5f, 400, 400, 2, 400, 7);
        try (Nvae model = train(settings, TRAINING, folder.resolve("nvae.safetensors")).model()) {
            VisionQuality quality = VisionQuality.measure(manager, model, VALIDATION, 4, 8);
            double meanPicture = Discs.errorOfMeanPicture(VALIDATION, 4, 8);
            assertTrue(quality.reconstructionError() < 0.7 * meanPicture, quality.reconstructionError() + " of " + meanPicture);
            assertTrue(quality.activeLatents() > 0, "no active latent");
        }
    }

    @Test
    void resumesBitForBit() {
        NvaeTraining.Result whole = train(settings(12, 0.01f), TRAINING, folder.resolve("whole.safetensors"));
        Path file = folder.resolve("resumed.safetensors");
        FrameSource interrupting = (batch, frames) -> {
            TRAINING.fill(batch, frames);
            if (batch == 4) {
                Thread.currentThread().interrupt();
            }
        };
        assertThrows(StoppedException.class, () -> train(settings(12, 0.01f), interrupting, file));
        NvaeTraining.Result resumed = train(settings(12, 0.01f), (batch, frames) -> {
            assertTrue(batch > 4, "starts again at batch " + batch);
            TRAINING.fill(batch, frames);
        }, file);
        try (Nvae expected = whole.model(); Nvae found = resumed.model()) {
            for (Map.Entry<String, NDArray> array : expected.parameters().named().entrySet()) {
                assertArrayEquals(array.getValue().toFloatArray(), found.parameters().array(array.getKey()).toFloatArray(), array.getKey());
            }
            assertEquals(whole.curve(), resumed.curve());
            assertEquals(whole.divergence(), resumed.divergence());
        }
    }

    @Test
    void aTermThatIsNotFiniteOrRunsAwayIsNamedWithItsStep() {
        Path wild = folder.resolve("wild.safetensors");
        KitException refused = assertThrows(KitException.class, () -> train(settings(50, 1e12f), TRAINING, wild));
        assertTrue(refused.getMessage().matches("NVAE training: .*(reconstruction error|divergence of group \\d|weight).* at step \\d+ .*"),
                refused.getMessage());
        assertFalse(Files.exists(wild));
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        KitException batch = assertThrows(KitException.class, () -> new NvaeTraining.Settings(SMALL, 1, 0.01f, 0, 0.5f, 1, 1, 1, 1, 1));
        assertTrue(batch.getMessage().contains("batch cannot be 1"), batch.getMessage());
        KitException unseen = assertThrows(KitException.class, () -> new NvaeTraining.Settings(SMALL, 8, 0.01f, 0, 1, 1, 1, 1, 1, 1));
        assertTrue(unseen.getMessage().contains("unseen cannot be 1.0"), unseen.getMessage());
    }
}
