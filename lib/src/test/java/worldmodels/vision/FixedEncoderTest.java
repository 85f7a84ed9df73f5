package worldmodels.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.nn.Compute;
import worldmodels.nn.Normal;
import worldmodels.nn.Training;
import worldmodels.run.KitException;
import worldmodels.run.Preset;
import worldmodels.run.Progress;

class FixedEncoderTest {

    private static final int BATCH = 16;
    private static final Preset OWN = Preset.named("smoke").with("vision.latent", "4").with("vision.batch", "" + BATCH).with("vision.learningRate", "0.001");

    @TempDir
    Path folder;

    private final NDManager manager = Compute.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void anUntrainedEncoderIsStandardisedOnceAndOnlyTheDecoderLearns() {
        VisionKind kind = FixedEncoderKind.RANDOM_ENCODER;
        try (VisionModel model = kind.make(manager, OWN, 3); VisionModel begun = kind.make(manager, OWN, 3)) {
            Training training = train(kind, model, OWN, 6);
            for (String name : model.parameters().names()) {
                boolean isSame = Arrays.equals(model.parameters().array(name).toFloatArray(), begun.parameters().array(name).toFloatArray());
                boolean moves = name.startsWith("dec_") || name.startsWith("enc_fc_mu");
                assertEquals(!moves, isSame, name);
            }
            float[] z = model.encode(frames(Discs.source(0), 0)).mean().toFloatArray();
            for (int j = 0; j < 4; j++) {
                double mean = 0;
                double square = 0;
                for (int i = j; i < z.length; i += 4) {
                    mean += z[i] / BATCH;
                    square += z[i] * z[i] / BATCH;
                }
                assertEquals(0, mean, 1e-3, "over the first batch");
                assertEquals(1, square, 1e-2);
            }
            assertTrue(training.curve().last().validation() < training.curve().points().getFirst().validation(), training.curve().toCsv());
        }
    }

    @Test
    void itsEncoderIsTheConvVaesAndItsDecoderIsSmall() {
        try (ConvVae whole = new ConvVae(manager, 4, 3); VisionModel control = FixedEncoderKind.RANDOM_ENCODER.make(manager, OWN, 3)) {
            for (String name : List.of("enc_conv1.weight", "enc_conv4.weight", "enc_fc_mu.weight")) {
                assertArrayEquals(whole.parameters().array(name).toFloatArray(), control.parameters().array(name).toFloatArray(), name);
            }
            long decoder = control.parameters().named().entrySet().stream().filter(entry -> entry.getKey().startsWith("dec_")).mapToLong(entry -> entry.getValue().size()).sum();
            assertEquals(4 * 256 + 256 + 256 * 32 * 25 + 32 + 32 * 16 * 25 + 16 + 16 * 8 * 36 + 8 + 8 * 3 * 36 + 3, decoder);
        }
    }

    @Test
    void theTrueStateIsReadAlikeByBothWaysToEncode() {
        Preset preset = FixedEncoderKind.TRUE_STATE.prepared(OWN);
        FrameSource numbered = (batch, frames) -> {
            Discs.source(0).fill(batch, frames);
            for (int frame = 0; frame < frames.capacity() / ConvVae.FRAME_BYTES; frame++) {
                for (int i = 0; i < 8; i++) {
                    frames.put(frame * ConvVae.FRAME_BYTES + i, (byte) (frame * 37 + i * 91));
                }
            }
        };
        try (VisionModel model = FixedEncoderKind.TRUE_STATE.make(manager, preset, 3); FrameEncoder encoder = model.encoder()) {
            ByteBuffer pixels = ByteBuffer.allocateDirect(BATCH * ConvVae.FRAME_BYTES);
            numbered.fill(0, pixels);
            float[] mean = new float[BATCH * 4];
            float[] logVariance = new float[BATCH * 4];
            encoder.encode(pixels, BATCH, mean, logVariance);
            Normal posterior = model.encode(frames(numbered, 0));
            assertArrayEquals(mean, posterior.mean().toFloatArray(), 1e-6f);
            assertArrayEquals(logVariance, posterior.logVariance().toFloatArray());
            assertEquals(((2 * 91 & 0xFF) * 256 + (3 * 91 & 0xFF)) / 65_535.0 * 8 - 4, mean[1], 1e-4, "bytes 2 and 3 of the first frame");
        }
    }

    @Test
    void theTrueStateAsksForFramesThatHaveIt() {
        String message = assertThrows(KitException.class, () -> FixedEncoderKind.TRUE_STATE.make(manager, OWN, 1)).getMessage();
        assertTrue(message.contains("env.hud = state") && message.contains("vision.latent = 4"), message);
    }

    private Training train(VisionKind kind, VisionModel model, Preset preset, long steps) {
        Training.Rhythm rhythm = new Training.Rhythm(steps, 2, 3);
        try (VisionLearner learner = kind.learner(model, preset, new VisionLearner.Frames(BATCH, Discs.source(0), Discs.source(1_000_000), 1), steps, 3)) {
            Training training = new Training(learner, rhythm, folder.resolve("control.safetensors"));
            training.run(Progress.NONE);
            return training;
        }
    }

    private NDArray frames(FrameSource source, long batch) {
        ByteBuffer pixels = ByteBuffer.allocateDirect(BATCH * ConvVae.FRAME_BYTES);
        source.fill(batch, pixels);
        return manager.create(pixels.clear(), new Shape(BATCH, 64, 64, 3), DataType.UINT8);
    }
}
