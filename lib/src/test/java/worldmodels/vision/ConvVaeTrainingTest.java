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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.nn.Compute;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;

class ConvVaeTrainingTest {

    private static final FrameSource TRAINING = Discs.source(0);
    private static final FrameSource VALIDATION = Discs.source(1_000_000);

    @TempDir
    Path folder;

    private final NDManager manager = Compute.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void learns() {
        ConvVaeTraining.Result result = ConvVaeTraining.run(manager, settings(40, 1e-3f, 20), TRAINING, VALIDATION, file(), Progress.NONE);
        try (ConvVae model = result.model(); ConvVae untrained = new ConvVae(manager, 8, 7)) {
            assertEquals(2, result.curve().points().size());
            assertTrue(result.curve().last().validation() < result.curve().points().getFirst().validation());
            assertTrue(result.divergence().last().validation() >= 4, "the floor of half a nat for each of 8 latents");
            double before = VisionQuality.measure(manager, untrained, VALIDATION, 2, 8).reconstructionError();
            double after = VisionQuality.measure(manager, model, VALIDATION, 2, 8).reconstructionError();
            assertTrue(after < before / 2, before + " to " + after);
            assertTrue(result.framesPerSecond() > 0);
            try (ConvVae loaded = ConvVae.load(manager, file())) {
                assertArrayEquals(weights(model), weights(loaded));
            }
        }
    }

    /** A model without latents could at best show the mean picture always. */
    @Test
    @Tag("slow")
    void latentsTellMoreThanTheMeanPicture() {
        try (ConvVae model = ConvVaeTraining.run(manager, settings(300, 1e-3f, 300), TRAINING, VALIDATION, file(), Progress.NONE).model()) {
            VisionQuality quality = VisionQuality.measure(manager, model, VALIDATION, 4, 8);
            double meanPicture = Discs.errorOfMeanPicture(VALIDATION, 4, 8);
            assertTrue(quality.reconstructionError() < 0.7 * meanPicture, quality.reconstructionError() + " of " + meanPicture);
            assertTrue(quality.activeLatents() > 0, "no active latent");
        }
    }

    @Test
    void resumesBitForBit() {
        Path whole = folder.resolve("whole.safetensors");
        ConvVaeTraining.Result at20 = ConvVaeTraining.run(manager, settings(20, 1e-3f, 6), TRAINING, VALIDATION, whole, Progress.NONE);
        ConvVaeTraining.run(manager, settings(10, 1e-3f, 6), TRAINING, VALIDATION, file(), Progress.NONE).model().close();
        ConvVaeTraining.Result resumed = ConvVaeTraining.run(manager, settings(20, 1e-3f, 6), TRAINING, VALIDATION, file(), Progress.NONE);
        try (ConvVae expected = at20.model(); ConvVae found = resumed.model()) {
            assertArrayEquals(weights(expected), weights(found));
            assertEquals(at20.curve().points().getLast().validation(), resumed.curve().points().getLast().validation());
        }
    }

    @Test
    void anInterruptKeepsWhatWasDoneAndTheNextRunGoesOn() {
        Path whole = folder.resolve("whole.safetensors");
        ConvVaeTraining.Result at9 = ConvVaeTraining.run(manager, settings(9, 1e-3f, 6), TRAINING, VALIDATION, whole, Progress.NONE);
        FrameSource interrupting = (batch, frames) -> {
            TRAINING.fill(batch, frames);
            if (batch == 4) {
                Thread.currentThread().interrupt();
            }
        };
        ConvVaeTraining.Settings settings = settings(9, 1e-3f, 6);
        assertThrows(StoppedException.class,
                () -> ConvVaeTraining.run(manager, settings, interrupting, VALIDATION, file(), Progress.NONE));
        assertFalse(Thread.currentThread().isInterrupted());
        ConvVaeTraining.Result resumed = ConvVaeTraining.run(manager, settings, (batch, frames) -> {
            assertTrue(batch > 4, "starts again at batch " + batch);
            TRAINING.fill(batch, frames);
        }, VALIDATION, file(), Progress.NONE);
        try (ConvVae expected = at9.model(); ConvVae found = resumed.model()) {
            assertArrayEquals(weights(expected), weights(found));
            assertEquals(at9.curve(), resumed.curve());
        }
    }

    @Test
    void aLossThatIsNotFiniteNamesStepAndTermAndKeepsTheCheckpoint() throws Exception {
        ConvVaeTraining.run(manager, settings(3, 1e-3f, 6), TRAINING, VALIDATION, file(), Progress.NONE).model().close();
        byte[] before = Files.readAllBytes(file());
        Path wild = folder.resolve("wild.safetensors");
        KitException refused = assertThrows(KitException.class,
                () -> ConvVaeTraining.run(manager, settings(50, 1e18f, 50), TRAINING, VALIDATION, wild, Progress.NONE));
        assertTrue(refused.getMessage().matches("ConvVAE training: .*(reconstruction error|divergence|weight).* at step \\d+ .*"),
                refused.getMessage());
        assertFalse(Files.exists(wild));
        assertArrayEquals(before, Files.readAllBytes(file()));
    }

    @Test
    void refusesACheckpointOfOtherSettings() {
        ConvVaeTraining.run(manager, settings(2, 1e-3f, 6), TRAINING, VALIDATION, file(), Progress.NONE).model().close();
        KitException refused = assertThrows(KitException.class,
                () -> ConvVaeTraining.run(manager, settings(4, 2e-3f, 6), TRAINING, VALIDATION, file(), Progress.NONE));
        assertTrue(refused.getMessage().contains("learningRate = 0.001") && refused.getMessage().contains("0.002"), refused.getMessage());
    }

    private static ConvVaeTraining.Settings settings(long steps, float learningRate, long validateEvery) {
        return new ConvVaeTraining.Settings(8, 8, learningRate, 0.5f, steps, validateEvery, 2, 50, 7);
    }

    private Path file() {
        return folder.resolve("vae.safetensors");
    }

    private float[] weights(ConvVae model) {
        float[] all = new float[Math.toIntExact(model.parameters().count())];
        int at = 0;
        for (NDArray array : model.parameters().arrays()) {
            float[] values = array.toFloatArray();
            System.arraycopy(values, 0, all, at, values.length);
            at += values.length;
        }
        assertEquals(all.length, at);
        return all;
    }
}
