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
import worldmodels.nn.Training;
import worldmodels.run.KitException;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Settings;
import worldmodels.run.StoppedException;
import worldmodels.vision.nvae.NvaeShape;

class NvaeLearnerTest {

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

    private Nvae model() {
        return new Nvae(manager, SMALL, 7);
    }

    /** To the end, from the checkpoint in the file if there is one. */
    private static Training train(Nvae model, float rate, Training.Rhythm rhythm, FrameSource frames, Path file) {
        try (NvaeLearner learner = new NvaeLearner(model, new NvaeSettings(SMALL, 8, 1, rate, 0.01f, 0.5f), rhythm.steps(), 7,
                new VisionLearner.Frames(8, frames, VALIDATION, 2))) {
            Training training = new Training(learner, rhythm, file);
            training.run(Progress.NONE);
            return training;
        }
    }

    /** A model whose z told nothing could at best show the mean picture always. */
    @Test
    @Tag("slow")
    void zAloneTellsMoreThanTheMeanPicture() {
        try (Nvae model = model()) {
            train(model, 0.01f, new Training.Rhythm(400, 400, 400), TRAINING, folder.resolve("nvae.safetensors"));
            VisionQuality quality = VisionQuality.measure(manager, model, VALIDATION, 4, 8);
            double meanPicture = Discs.errorOfMeanPicture(VALIDATION, 4, 8);
            assertTrue(quality.reconstructionError() < 0.7 * meanPicture, quality.reconstructionError() + " of " + meanPicture);
            assertTrue(quality.activeLatents() > 0, "no active latent");
        }
    }

    @Test
    void resumesBitForBit() {
        Training.Rhythm rhythm = new Training.Rhythm(12, 6, 50);
        Path file = folder.resolve("resumed.safetensors");
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
        try (Nvae whole = model(); Nvae stopped = model(); Nvae resumed = model()) {
            Training expected = train(whole, 0.01f, rhythm, TRAINING, folder.resolve("whole.safetensors"));
            assertThrows(StoppedException.class, () -> train(stopped, 0.01f, rhythm, interrupting, file));
            Training found = train(resumed, 0.01f, rhythm, rest, file);
            for (Map.Entry<String, NDArray> array : whole.parameters().named().entrySet()) {
                assertArrayEquals(array.getValue().toFloatArray(), resumed.parameters().array(array.getKey()).toFloatArray(), array.getKey());
            }
            assertEquals(expected.curve(), found.curve());
            assertEquals(expected.curve("divergence of group 1"), found.curve("divergence of group 1"));
            assertEquals(2, found.curve("divergence of group 1").points().size());
        }
    }

    @Test
    void aTermThatIsNotFiniteOrRunsAwayIsNamedWithItsStep() {
        Path wild = folder.resolve("wild.safetensors");
        try (Nvae model = model()) {
            KitException refused = assertThrows(KitException.class,
                    () -> train(model, 1e12f, new Training.Rhythm(50, 6, 50), TRAINING, wild));
            assertTrue(refused.getMessage().matches("NVAE training: .*(reconstruction error|divergence of group \\d|weight).* at step \\d+ .*"),
                    refused.getMessage());
        }
        assertFalse(Files.exists(wild));
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        KitException batch = assertThrows(KitException.class,
                () -> Settings.of(Preset.named("smoke").with("nvae.batch", "1"), NvaeSettings.class));
        assertTrue(batch.getMessage().contains("nvae.batch") && batch.getMessage().contains("at least 2"), batch.getMessage());
        KitException unseen = assertThrows(KitException.class, () -> new NvaeSettings(SMALL, 8, 1, 0.01f, 0, 1));
        assertTrue(unseen.getMessage().contains("nvae.unseen cannot be 1.0"), unseen.getMessage());
    }
}
