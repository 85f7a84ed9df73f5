package worldmodels.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Compute;
import worldmodels.nn.Layers;
import worldmodels.nn.Normal;
import worldmodels.nn.Parameters;
import worldmodels.nn.Training;
import worldmodels.run.KitException;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Settings;

class VisionModelsTest {

    @TempDir
    Path folder;

    private final NDManager manager = Compute.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    /** A V of one's own, as small as it can be. */
    private static final class DenseVae implements VisionModel {

        private static final int PIXELS = 64 * 64 * 3;

        private final Parameters parameters;
        private final int latent;
        private final Layers.Dense mean;
        private final Layers.Dense logVariance;
        private final Layers.Dense picture;

        DenseVae(NDManager parent, int latent, long seed) {
            parameters = new Parameters(parent);
            this.latent = latent;
            Layers layers = new Layers(parameters, seed);
            mean = layers.dense("mean", PIXELS, latent);
            logVariance = layers.dense("logVariance", PIXELS, latent);
            picture = layers.dense("picture", latent, PIXELS);
        }

        @Override
        public int latentSize() {
            return latent;
        }

        @Override
        public Parameters parameters() {
            return parameters;
        }

        @Override
        public Normal encode(NDArray frames) {
            NDArray x = frames.toType(DataType.FLOAT32, false).divi(255).reshape(-1, PIXELS);
            return Normal.ofLogVariance(mean.apply(x), logVariance.apply(x));
        }

        @Override
        public NDArray decode(NDArray z) {
            return Activation.sigmoid(picture.apply(z)).reshape(-1, 64, 64, 3);
        }
    }

    private static final Preset OWN = Preset.named("smoke").with("model.vision", "DENSE_VAE").with("vision.latent", "4").with("vision.batch", "8")
            .with("vision.learningRate", "0.001").with("vision.epochs", "10");

    @Test
    void aModelOfOnesOwnIsNamedTrainedAndLoadedLikeTheKits() {
        VisionModels.register(VisionKind.of(DenseVae.class, DenseVae::new));
        VisionKind kind = VisionModels.of(OWN);
        assertEquals("DENSE_VAE", kind.name());
        assertEquals(Set.of("authors", "model.vision", "vision.batch", "vision.epochs", "vision.freeNats", "vision.latent", "vision.learningRate"),
                kind.settings(OWN).keySet());
        Path file = folder.resolve("own.safetensors");
        Training.Rhythm rhythm = kind.rhythm(OWN, 8);
        assertEquals(new Training.Rhythm(80, 2, 4), rhythm);
        FrameSource validation = Discs.source(1_000_000);
        try (VisionModel model = kind.make(manager, OWN, 3);
                VisionLearner learner = kind.learner(model, OWN, new VisionLearner.Frames(8, Discs.source(0), validation, 2), rhythm.steps(), 3)) {
            Training training = new Training(learner, rhythm, file);
            training.run(Progress.NONE);
            assertTrue(training.curve().last().validation() < 0.9 * training.curve().points().getFirst().validation(), training.curve().toCsv());
            NDArray frames = manager.full(new Shape(2, 64, 64, 3), 100, DataType.UINT8);
            try (VisionModel loaded = VisionModels.load(manager, file)) {
                assertArrayEquals(model.encode(frames).mean().toFloatArray(), loaded.encode(frames).mean().toFloatArray());
            }
        }
    }

    @Test
    void theKitsOwnAreThereWithTheirSettings() {
        assertEquals("ConvVAE", VisionKind.parse("CONV_VAE").label());
        VisionKind nvae = VisionKind.parse("NVAE");
        Preset smoke = Preset.named("smoke");
        assertEquals(Settings.text(smoke, NvaeSettings.class), nvae.settings(smoke));
        assertEquals(smoke.section("authors", "vision."), VisionKind.parse("CONV_VAE").settings(smoke));
        assertEquals(smoke.section("vision.latent", "vaegan."), VisionKind.parse("VAE_GAN").settings(smoke));
        List<Map<String, String>> settings = VisionModels.all().stream().<Map<String, String>>map(kind -> kind.settings(smoke)).toList();
        assertEquals(settings.size(), Set.copyOf(settings).size(), "kinds with the same settings would share a stage");
        try (VisionModel model = nvae.make(manager, smoke, 1)) {
            assertEquals(smoke.integer("vision.latent"), model.latentSize());
        }
    }

    @Test
    void whatIsNotThereIsNamedWithWhatIs() {
        String message = assertThrows(KitException.class, () -> VisionModels.of(Preset.named("smoke").with("model.vision", "VQ_VAE"))).getMessage();
        assertTrue(message.contains("model.vision") && message.contains("CONV_VAE, NVAE") && message.contains("not 'VQ_VAE'"), message);
        Path file = folder.resolve("other.safetensors");
        Checkpoint.write(file, "MdnRnn", Map.of(), Map.of("w", manager.zeros(new Shape(2))));
        message = assertThrows(KitException.class, () -> VisionModels.load(manager, file)).getMessage();
        assertTrue(message.contains("holds MdnRnn, not ConvVae or Nvae"), message);
    }
}
