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
import worldmodels.nn.AuthorsVersion;
import worldmodels.nn.Compute;
import worldmodels.nn.Epochs;
import worldmodels.nn.Training;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;

class VaeLearnerTest {

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
        try (ConvVae model = model(); ConvVae untrained = model()) {
            Training training = train(model, 1e-3f, new Training.Rhythm(40, 20, 50), TRAINING, file());
            assertEquals(2, training.curve().points().size());
            assertTrue(training.curve().last().validation() < training.curve().points().getFirst().validation());
            assertTrue(training.curve("divergence").last().validation() >= 4, "the floor of half a nat for each of 8 latents");
            double before = VisionQuality.measure(manager, untrained, VALIDATION, 2, 8).reconstructionError();
            double after = VisionQuality.measure(manager, model, VALIDATION, 2, 8).reconstructionError();
            assertTrue(after < before / 2, before + " to " + after);
            try (ConvVae loaded = (ConvVae) VisionModels.load(manager, file())) {
                assertArrayEquals(weights(model), weights(loaded));
            }
        }
    }

    /** A model without latents could at best show the mean picture always. */
    @Test
    @Tag("slow")
    void latentsTellMoreThanTheMeanPicture() {
        try (ConvVae model = model()) {
            train(model, 1e-3f, new Training.Rhythm(300, 300, 300), TRAINING, file());
            VisionQuality quality = VisionQuality.measure(manager, model, VALIDATION, 4, 8);
            double meanPicture = Discs.errorOfMeanPicture(VALIDATION, 4, 8);
            assertTrue(quality.reconstructionError() < 0.7 * meanPicture, quality.reconstructionError() + " of " + meanPicture);
            assertTrue(quality.activeLatents() > 0, "no active latent");
        }
    }

    @Test
    void resumesBitForBit() {
        try (ConvVae whole = model(); ConvVae half = model(); ConvVae resumed = model()) {
            Training at20 = train(whole, 1e-3f, to(20), TRAINING, folder.resolve("whole.safetensors"));
            train(half, 1e-3f, to(10), TRAINING, file());
            Training after10 = train(resumed, 1e-3f, to(20), TRAINING, file());
            assertArrayEquals(weights(whole), weights(resumed));
            assertEquals(at20.curve().last().validation(), after10.curve().last().validation());
        }
    }

    @Test
    void anInterruptKeepsWhatWasDoneAndTheNextRunGoesOn() {
        FrameSource interrupting = (batch, frames) -> {
            TRAINING.fill(batch, frames);
            if (batch == 4) {
                Thread.currentThread().interrupt();
            }
        };
        FrameSource rest = (batch, frames) -> {
            assertTrue(batch > 4, "starts again at batch " + batch);
            TRAINING.fill(batch, frames);
        };
        try (ConvVae whole = model(); ConvVae stopped = model(); ConvVae resumed = model()) {
            Training at9 = train(whole, 1e-3f, to(9), TRAINING, folder.resolve("whole.safetensors"));
            assertThrows(StoppedException.class, () -> train(stopped, 1e-3f, to(9), interrupting, file()));
            assertFalse(Thread.currentThread().isInterrupted());
            Training after = train(resumed, 1e-3f, to(9), rest, file());
            assertArrayEquals(weights(whole), weights(resumed));
            assertEquals(at9.curve(), after.curve());
        }
    }

    @Test
    void aLossThatIsNotFiniteNamesStepAndTermAndKeepsTheCheckpoint() throws Exception {
        Path wild = folder.resolve("wild.safetensors");
        try (ConvVae tame = model(); ConvVae model = model()) {
            train(tame, 1e-3f, to(3), TRAINING, file());
            byte[] before = Files.readAllBytes(file());
            KitException refused = assertThrows(KitException.class, () -> train(model, 1e18f, to(50), TRAINING, wild));
            assertTrue(refused.getMessage().matches("ConvVAE training: .*(reconstruction error|divergence|weight).* at step \\d+ .*"),
                    refused.getMessage());
            assertFalse(Files.exists(wild));
            assertArrayEquals(before, Files.readAllBytes(file()));
        }
    }

    @Test
    void refusesACheckpointOfOtherSettings() {
        try (ConvVae model = model()) {
            train(model, 1e-3f, to(2), TRAINING, file());
            KitException refused = assertThrows(KitException.class, () -> train(model, 2e-3f, to(4), TRAINING, file()));
            assertTrue(refused.getMessage().contains("learningRate = 0.001") && refused.getMessage().contains("0.002"), refused.getMessage());
        }
    }

    private ConvVae model() {
        return new ConvVae(manager, 8, 7);
    }

    private static Training.Rhythm to(long steps) {
        return new Training.Rhythm(steps, 6, 50);
    }

    /** To the end, from the checkpoint in the file if there is one. */
    private static Training train(ConvVae model, float rate, Training.Rhythm rhythm, FrameSource frames, Path file) {
        try (VaeLearner learner = new VaeLearner("ConvVAE", model,
                new VisionSettings(AuthorsVersion.PAPER, 8, 8, Epochs.of(1), rate, 0.5f), 7, new VisionLearner.Frames(8, frames, VALIDATION, 2))) {
            Training training = new Training(learner, rhythm, file);
            training.run(Progress.NONE);
            return training;
        }
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
