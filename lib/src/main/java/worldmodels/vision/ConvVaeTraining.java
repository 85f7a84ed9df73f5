package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import worldmodels.nn.Adam;
import worldmodels.nn.LearningCurve;
import worldmodels.nn.Optimiser;
import worldmodels.nn.Parameters;
import worldmodels.nn.Seeds;
import worldmodels.nn.TorchOps;
import worldmodels.run.KitException;
import worldmodels.run.Progress;

/** Trains a {@link ConvVae} with Adam; resumable, as {@link VisionTraining} has it. */
public final class ConvVaeTraining {

    private static final String WORK = "ConvVAE training";

    /**
     * @param latentSize        how many latents
     * @param batch             pictures per step
     * @param learningRate      of Adam
     * @param freeNats          the divergence costs nothing below this many nats per latent
     * @param steps             how many steps in all: epochs times batches per epoch
     * @param validateEvery     steps between points of the learning curve
     * @param validationBatches how many batches of unseen pictures each point measures
     * @param checkpointEvery   steps between checkpoints
     * @param seed              of weights and noise
     */
    public record Settings(int latentSize, int batch, float learningRate, float freeNats, long steps, long validateEvery,
            int validationBatches, long checkpointEvery, long seed) {

        public Settings {
            require(latentSize > 0, "latentSize", latentSize);
            require(batch > 0, "batch", batch);
            require(learningRate > 0 && Float.isFinite(learningRate), "learningRate", learningRate);
            require(freeNats >= 0 && Float.isFinite(freeNats), "freeNats", freeNats);
            require(steps > 0, "steps", steps);
            require(validateEvery > 0, "validateEvery", validateEvery);
            require(validationBatches > 0, "validationBatches", validationBatches);
            require(checkpointEvery > 0, "checkpointEvery", checkpointEvery);
        }

        /** The authors' 32 latents, batch 100, Adam 1e-4 and half a free nat per latent; their paper trains one epoch, their code ten. */
        public static Settings authors(long epochs, long batchesPerEpoch, long seed) {
            return new Settings(32, 100, 1e-4f, 0.5f, epochs * batchesPerEpoch, 500, 10, 1000, seed);
        }

        private static void require(boolean good, String name, Number value) {
            if (!good) {
                throw new KitException("ConvVAE training: " + name + " cannot be " + value + "; it must be positive.");
            }
        }

        /** What a resumed run must share with the one that wrote the checkpoint. */
        private Map<String, String> shared() {
            return Map.of("latentSize", "" + latentSize, "learningRate", "" + learningRate, "freeNats", "" + freeNats, "seed", "" + seed);
        }
    }

    /**
     * @param model           trained; the caller closes it
     * @param curve           loss per picture
     * @param divergence      the part of it that is KL with its floor, in nats; the rest is squared error
     * @param framesPerSecond of this call's own steps, 0 if it had none to do
     */
    public record Result(ConvVae model, LearningCurve curve, LearningCurve divergence, double framesPerSecond) {}

    private ConvVaeTraining() {}

    /**
     * Trains to the end, from the checkpoint if there is one.
     *
     * @param file the checkpoint, written now and then and at the end
     * @throws worldmodels.run.StoppedException if the thread is interrupted; what was done is then in the checkpoint
     * @throws KitException                     if the loss is not finite (the last checkpoint is kept), or the checkpoint does not fit
     */
    public static Result run(NDManager manager, Settings settings, FrameSource training, FrameSource validation, Path file,
            Progress progress) {
        ConvVae model = new ConvVae(manager, settings.latentSize, settings.seed);
        try (Adam adam = new Adam(model.parameters(), settings.learningRate)) {
            VisionTraining.Rhythm rhythm = new VisionTraining.Rhythm(settings.batch, settings.steps, settings.validateEvery,
                    settings.validationBatches, settings.checkpointEvery);
            VisionTraining.Result result = VisionTraining.run(manager, new Learner(model, adam, settings), rhythm, training, validation, file,
                    progress);
            return new Result(model, result.curve(), result.divergence(), result.framesPerSecond());
        } catch (RuntimeException | Error e) {
            model.close();
            throw e;
        }
    }

    private record Learner(ConvVae model, Adam adam, Settings settings) implements VisionTraining.Learner {

        @Override
        public String work() {
            return WORK;
        }

        @Override
        public String kind() {
            return ConvVae.KIND;
        }

        @Override
        public Parameters parameters() {
            return model.parameters();
        }

        @Override
        public Optimiser optimiser() {
            return adam;
        }

        @Override
        public Map<String, String> shared() {
            return settings.shared();
        }

        @Override
        public VisionTraining.Terms learn(NDArray frames, long step) {
            return loss(frames, "vae noise", step);
        }

        @Override
        public VisionTraining.Terms validate(NDArray frames, long batch) {
            return loss(frames, "vae validation noise", batch);
        }

        private VisionTraining.Terms loss(NDArray frames, String noise, long index) {
            Shape shape = new Shape(settings.batch, settings.latentSize);
            NDArray epsilon = TorchOps.normal(frames.getManager(), shape, Seeds.named(settings.seed, noise, index));
            ConvVae.Loss loss = model.loss(frames, epsilon, settings.freeNats);
            return new VisionTraining.Terms(loss.total(), loss.reconstruction(), List.of(loss.divergence()));
        }
    }
}
