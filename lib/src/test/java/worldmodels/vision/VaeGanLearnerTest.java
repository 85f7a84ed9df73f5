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
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Compute;
import worldmodels.nn.Gradients;
import worldmodels.nn.Noise;
import worldmodels.nn.Parameters;
import worldmodels.nn.Training;
import worldmodels.run.KitException;
import worldmodels.run.Progress;

class VaeGanLearnerTest {

    private static final int BATCH = 8;
    private static final int LATENT = 4;
    private static final VaeGanSettings SETTINGS = new VaeGanSettings(BATCH, 1, 16, 3e-4f, 1, 0.1f, 0, 0.68f, 0.35f, 0.05f, 500);

    @TempDir
    Path folder;

    private final NDManager manager = Compute.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    /** Which of the networks a term's gradient reaches; in the others it is zero everywhere. */
    private Set<String> reached(Function<VaeGanLearner.Game, NDArray> term) {
        try (VaeGan model = model(); Discriminator discriminator = new Discriminator(manager, 16, 3); NDManager step = manager.newSubManager();
                Gradients.Tape tape = Gradients.record()) {
            VaeGanLearner.Game game = VaeGanLearner.Game.of(model, discriminator.weights(step), discs(step), Noise.normal(step, new Shape(2 * BATCH, LATENT), 5));
            tape.backward(term.apply(game));
            Set<String> reached = new HashSet<>();
            note(reached, "encoder", model.parameters().part(VaeGan.ENCODER));
            note(reached, "decoder", model.parameters().part(VaeGan.DECODER));
            note(reached, "discriminator", discriminator.parameters());
            return reached;
        }
    }

    private static void note(Set<String> reached, String name, Parameters parameters) {
        if (Gradients.norm(parameters) != 0) {
            reached.add(name);
        }
    }

    @Test
    void eachTermReachesTheNetworksThatItIsFor() {
        assertEquals(Set.of("encoder"), reached(VaeGanLearner.Game::prior));
        assertEquals(Set.of("encoder", "decoder"), reached(VaeGanLearner.Game::likelihood), "no likelihood gradient into the discriminator");
        assertEquals(Set.of("decoder"), reached(VaeGanLearner.Game::taken), "no gradient of the game into the encoder");
        assertEquals(Set.of("encoder", "decoder"), reached(VaeGanLearner.Game::squareError));
        assertEquals(Set.of("discriminator"), reached(VaeGanLearner.Game::ofDiscriminator));
        assertEquals(Set.of("encoder", "decoder"), reached(game -> game.ofModel(0.1, 0)));
    }

    /** One batch's terms in doubles, from the networks' outputs. */
    @Test
    void theTermsAreThePapersFormulas() {
        try (VaeGan model = model(); Discriminator discriminator = new Discriminator(manager, 16, 3); NDManager step = manager.newSubManager();
                Gradients.Pause pause = Gradients.pause()) {
            NDArray frames = discs(step);
            NDArray noise = Noise.normal(step, new Shape(2 * BATCH, LATENT), 5);
            Discriminator.Weights judge = discriminator.weights(step);
            VaeGanLearner.Game game = VaeGanLearner.Game.of(model, judge, frames, noise);

            NDArray x = frames.toType(DataType.FLOAT32, true).transpose(0, 3, 1, 2).div(255);
            NDArray seen = model.decode(model.encode(frames).sample(noise.get("0:" + BATCH))).transpose(0, 3, 1, 2);
            NDArray drawn = model.decode(noise.get(BATCH + ":")).transpose(0, 3, 1, 2);
            double[] real = probabilities(judge, x);
            double[] onSeen = probabilities(judge, seen);
            double[] onDrawn = probabilities(judge, drawn);
            double onFrames = 0;
            double onPictures = 0;
            double taken = 0;
            for (int i = 0; i < BATCH; i++) {
                onFrames -= Math.log(real[i]) / BATCH;
                onPictures -= (Math.log(1 - onSeen[i]) + Math.log(1 - onDrawn[i])) / (2 * BATCH);
                taken -= (Math.log(onSeen[i]) + Math.log(onDrawn[i])) / BATCH;
            }
            assertEquals(onFrames, value(game.onFrames()), 1e-5);
            assertEquals(onPictures, value(game.onPictures()), 1e-5);
            assertEquals(taken, value(game.taken()), 1e-5);
            assertEquals(onFrames + 2 * onPictures, value(game.ofDiscriminator()), 1e-5);

            float[] f = judge.features(x).toFloatArray();
            float[] g = judge.features(seen).toFloatArray();
            int size = f.length / BATCH;
            double variance = 0;
            double distance = 0;
            for (int i = 0; i < size; i++) {
                double mean = 0;
                double square = 0;
                for (int b = 0; b < BATCH; b++) {
                    mean += f[b * size + i] / (double) BATCH;
                    square += (double) f[b * size + i] * f[b * size + i] / BATCH;
                    distance += Math.pow(f[b * size + i] - g[b * size + i], 2) / BATCH;
                }
                variance += (square - mean * mean) / size;
            }
            double likelihood = distance / variance / 2;
            assertEquals(likelihood, value(game.likelihood()), 1e-3 * likelihood);
            assertEquals(value(game.prior()) + likelihood + taken / 0.1, value(game.ofModel(0.1, 0)), 1e-3 * likelihood);
            assertEquals(2 * value(game.squareError()), value(game.ofModel(0.1, 2)) - value(game.ofModel(0.1, 0)), 1e-3 * likelihood);
        }
    }

    private static double[] probabilities(Discriminator.Weights judge, NDArray pictures) {
        float[] logits = judge.judge(judge.features(pictures)).toFloatArray();
        double[] probabilities = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = 1 / (1 + Math.exp(-logits[i]));
        }
        return probabilities;
    }

    @Test
    void resumesBitForBitWithThreeOptimisers() {
        try (VaeGan whole = model(); VaeGan half = model(); VaeGan resumed = model()) {
            Training at12 = train(whole, SETTINGS, 12, folder.resolve("whole.safetensors"));
            train(half, SETTINGS, 6, file());
            Training after6 = train(resumed, SETTINGS, 12, file());
            whole.parameters().named().forEach((name, array) ->
                    assertArrayEquals(array.toFloatArray(), resumed.parameters().array(name).toFloatArray(), name));
            assertEquals(at12.curve(), after6.curve());
            assertEquals(at12.curve(VaeGanLearner.ON_PICTURES), after6.curve(VaeGanLearner.ON_PICTURES), "the discriminator too");
        }
    }

    /** Where its loss is nearly nothing from the start, the discriminator rests and its loss does not change for what it learns. */
    @Test
    void whoIsTooFarAheadRests() {
        VaeGanSettings early = new VaeGanSettings(BATCH, 1, 16, 3e-4f, 1, 0.1f, 0, 5, 0.1f, 0.05f, 500);
        VaeGanSettings late = new VaeGanSettings(BATCH, 1, 16, 3e-4f, 1, 0.1f, 0, 0.1f, 0.05f, 0.01f, 500);
        try (VaeGan first = model(); VaeGan second = model()) {
            Training judge = train(first, early, 4, folder.resolve("early.safetensors"));
            assertEquals(1, judge.curve(VaeGanLearner.DISCRIMINATOR_RESTS).last().training());
            assertEquals(0, judge.curve(VaeGanLearner.DECODER_RESTS).last().training());
            float[] before = model().parameters().array("dec_fc.weight").toFloatArray();
            Training decoder = train(second, late, 4, folder.resolve("late.safetensors"));
            assertEquals(1, decoder.curve(VaeGanLearner.DECODER_RESTS).last().training());
            assertArrayEquals(before, second.parameters().array("dec_fc.weight").toFloatArray());
        }
    }

    @Test
    void aDiscriminatorThatHasWonStopsTheTrainingAndKeepsTheCheckpoint() {
        // Nobody is even at 10 nats, so the discriminator counts as winning from the first step.
        VaeGanSettings lost = new VaeGanSettings(BATCH, 1, 16, 3e-4f, 1, 0.1f, 0, 20, 0.1f, 10, 5);
        try (VaeGan model = model()) {
            String message = assertThrows(KitException.class, () -> train(model, lost, 9, file())).getMessage();
            assertTrue(message.startsWith("VAE-GAN training: the discriminator has won") && message.contains("for 5 steps") && message.contains("at step 4")
                    && message.contains("checkpoint of step 3 is kept") && message.contains("vaegan.gamma"), message);
            assertEquals("3", Checkpoint.text(file()).get("step"));
        }
    }

    @Test
    void whatIsNotFiniteNamesTheNetworkAndTheRemedy() {
        VaeGanSettings wild = new VaeGanSettings(BATCH, 1, 16, 1e18f, 1, 0.1f, 0, 0.68f, 0.35f, 0.05f, 500);
        try (VaeGan model = model()) {
            String message = assertThrows(KitException.class, () -> train(model, wild, 9, file())).getMessage();
            assertTrue(message.matches("VAE-GAN training: the (encoder|decoder|discriminator)'s .* is (NaN|-?Infinity) at step \\d .*lower vaegan.learningRate\\."), message);
        }
    }

    @Test
    void aCheckpointHoldsWhatActsWithoutTheDiscriminatorOnceItIsSaved() {
        try (VaeGan model = model()) {
            train(model, SETTINGS, 3, file());
            Path saved = folder.resolve("saved.safetensors");
            try (VisionModel loaded = VisionModels.load(manager, file())) {
                loaded.save(saved);
                NDArray frames = discs(manager);
                assertArrayEquals(model.encode(frames).mean().toFloatArray(), loaded.encode(frames).mean().toFloatArray());
            }
            assertTrue(fileSize(saved) < fileSize(file()) / 1.5);
        }
    }

    @Test
    void refusesWhatCannotBe() {
        assertTrue(assertThrows(KitException.class, () -> new VaeGanSettings(8, 1, 20, 1e-3f, 1, 1, 0, 0.68f, 0.35f, 0.05f, 5)).getMessage()
                .contains("vaegan.channels cannot be 20"));
        assertTrue(assertThrows(KitException.class, () -> new VaeGanSettings(8, 1, 16, 1e-3f, 1, 1, 0, 0.68f, 0.35f, 0.5f, 5)).getMessage()
                .contains("vaegan.won cannot be 0.5"));
    }

    private static long fileSize(Path file) {
        return file.toFile().length();
    }

    private static float value(NDArray scalar) {
        return scalar.toFloatArray()[0];
    }

    private VaeGan model() {
        return new VaeGan(manager, LATENT, 7);
    }

    private static NDArray discs(NDManager owner) {
        ByteBuffer pixels = ByteBuffer.allocateDirect(BATCH * ConvVae.FRAME_BYTES);
        Discs.source(3).fill(0, pixels);
        return owner.create(pixels.clear(), new Shape(BATCH, 64, 64, 3), DataType.UINT8);
    }

    private Training train(VaeGan model, VaeGanSettings settings, long steps, Path file) {
        // Twelve steps in all, however far it goes: the rate falls by them.
        try (VaeGanLearner learner = new VaeGanLearner(model, settings, 12, 7,
                new VisionLearner.Frames(settings.batch(), Discs.source(0), Discs.source(1_000_000), 2))) {
            Training training = new Training(learner, new Training.Rhythm(steps, 3, 3), file);
            training.run(Progress.NONE);
            return training;
        }
    }

    private Path file() {
        return folder.resolve("vaegan.safetensors");
    }
}
