package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import worldmodels.nn.Adam;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Gradients;
import worldmodels.nn.LearningCurve;
import worldmodels.nn.Seeds;
import worldmodels.nn.TorchOps;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;

/**
 * Trains a {@link ConvVae} with Adam on batches of frames, resumably: its one checkpoint file holds weights, optimiser, step and curve, and
 * the noise of a step is drawn from the step's own seed, so a run that was stopped and resumed equals one that was not, bit for bit (on
 * the CPU, with the same number of threads).
 */
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
            return Map.of("latentSize", "" + latentSize, "batch", "" + batch, "learningRate", "" + learningRate, "freeNats", "" + freeNats,
                    "validateEvery", "" + validateEvery, "validationBatches", "" + validationBatches, "seed", "" + seed);
        }
    }

    /**
     * @param model           trained; the caller closes it
     * @param curve           loss per picture
     * @param divergence      the part of it that is KL with its floor, in nats; the rest is squared error
     * @param framesPerSecond of this call's own steps, 0 if it had none to do
     */
    public record Result(ConvVae model, LearningCurve curve, LearningCurve divergence, double framesPerSecond) {}

    private final NDManager manager;
    private final Settings settings;
    private final FrameSource training;
    private final FrameSource validation;
    private final Path file;
    private final ConvVae model;
    private final Adam adam;
    private final ByteBuffer frames;
    private long step;
    private long saved = -1;
    private LearningCurve curve = LearningCurve.EMPTY;
    private LearningCurve divergenceCurve = LearningCurve.EMPTY;
    private double[] sums = new double[2];

    private ConvVaeTraining(NDManager manager, Settings settings, FrameSource training, FrameSource validation, Path file) {
        this.manager = manager;
        this.settings = settings;
        this.training = training;
        this.validation = validation;
        this.file = file;
        this.model = new ConvVae(manager, settings.latentSize, settings.seed);
        this.adam = new Adam(model.parameters(), settings.learningRate);
        this.frames = ByteBuffer.allocateDirect(settings.batch * ConvVae.FRAME_BYTES);
    }

    /**
     * Trains to the end, from the checkpoint if there is one.
     *
     * @param file the checkpoint, written now and then and at the end
     * @throws StoppedException if the thread is interrupted; what was done is then in the checkpoint
     * @throws KitException     if the loss is not finite (the last checkpoint is kept), or the checkpoint does not fit
     */
    public static Result run(NDManager manager, Settings settings, FrameSource training, FrameSource validation, Path file,
            Progress progress) {
        ConvVaeTraining run = new ConvVaeTraining(manager, settings, training, validation, file);
        try (run.adam) {
            if (Files.exists(file)) {
                run.restore();
            }
            double framesPerSecond = run.train(progress);
            return new Result(run.model, run.curve, run.divergenceCurve, framesPerSecond);
        } catch (RuntimeException | Error e) {
            run.model.close();
            throw e;
        }
    }

    private double train(Progress progress) {
        progress.start(WORK, settings.steps, "steps");
        progress.at(step, "");
        long first = step;
        long start = System.nanoTime();
        while (step < settings.steps) {
            stopIfInterrupted();
            float loss = update();
            if (step % settings.validateEvery == 0 || step == settings.steps) {
                addPoint();
            }
            if (step % settings.checkpointEvery == 0) {
                save();
            }
            progress.at(step, String.format(Locale.ROOT, "loss %.1f, %.0f frames/s", loss, speed(first, start)));
        }
        double speed = speed(first, start);
        if (saved != step) {
            save();
        }
        progress.done(String.format(Locale.ROOT, "validation loss %.1f", curve.last().validation()));
        return speed;
    }

    private double speed(long first, long start) {
        return (step - first) * settings.batch / ((System.nanoTime() - start) / 1e9 + 1e-9);
    }

    private float update() {
        training.fill(step, frames.clear());
        try (NDManager scope = manager.newSubManager(); Gradients.Tape tape = Gradients.record()) {
            ConvVae.Loss loss = loss(scope, "vae noise", step);
            float reconstruction = finite(loss.reconstruction(), "reconstruction error");
            float divergence = finite(loss.divergence(), "divergence");
            tape.backward(loss.total());
            adam.step();
            sums[0] += reconstruction;
            sums[1] += divergence;
            step++;
            return reconstruction + divergence;
        }
    }

    private ConvVae.Loss loss(NDManager scope, String noise, long index) {
        NDArray batch = scope.create(frames.clear(), new Shape(settings.batch, ConvVae.SIZE, ConvVae.SIZE, 3), DataType.UINT8);
        Shape shape = new Shape(settings.batch, settings.latentSize);
        return model.loss(batch, TorchOps.normal(scope, shape, Seeds.named(settings.seed, noise, index)), settings.freeNats);
    }

    private float finite(NDArray scalar, String term) {
        float value = scalar.toFloatArray()[0];
        if (!Float.isFinite(value)) {
            throw notFinite("the " + term + " is " + value);
        }
        return value;
    }

    private KitException notFinite(String what) {
        String kept = saved > 0 ? "the checkpoint of step " + saved + " is kept in " + file : "no checkpoint was written yet";
        return new KitException(WORK + ": " + what + " at step " + step + " (" + kept + "); lower the learning rate or check the frames.");
    }

    /** Every validation uses the same pictures and the same noise, so that its curve moves with the model alone. */
    private void addPoint() {
        long since = step - (curve.points().isEmpty() ? 0 : curve.last().step());
        double[] unseen = new double[2];
        for (int batch = 0; batch < settings.validationBatches; batch++) {
            validation.fill(batch, frames.clear());
            try (NDManager scope = manager.newSubManager(); Gradients.Pause pause = Gradients.pause()) {
                ConvVae.Loss loss = loss(scope, "vae validation noise", batch);
                unseen[0] += loss.reconstruction().toFloatArray()[0] / settings.validationBatches;
                unseen[1] += loss.divergence().toFloatArray()[0] / settings.validationBatches;
            }
        }
        curve = curve.and(step, (sums[0] + sums[1]) / since, unseen[0] + unseen[1]);
        divergenceCurve = divergenceCurve.and(step, sums[1] / since, unseen[1]);
        sums = new double[2];
    }

    private void stopIfInterrupted() {
        try {
            StoppedException.throwIfInterrupted(WORK);
        } catch (StoppedException e) {
            if (step > 0 && saved != step) {
                save();
            }
            throw e;
        }
    }

    private void save() {
        if (!model.parameters().areFinite()) {
            throw notFinite("a weight is no longer finite");
        }
        Map<String, String> text = new LinkedHashMap<>(settings.shared());
        text.put("step", "" + step);
        text.put("curve", curve.toCsv());
        text.put("divergence", divergenceCurve.toCsv());
        text.put("sums", sums[0] + " " + sums[1]);
        Map<String, NDArray> tensors = new LinkedHashMap<>(model.parameters().named());
        tensors.putAll(adam.state());
        Checkpoint.write(file, ConvVae.KIND, text, tensors);
        saved = step;
    }

    private void restore() {
        Checkpoint checkpoint = Checkpoint.read(file, ConvVae.KIND).require(settings.shared());
        checkpoint.copyInto(model.parameters());
        adam.restore(checkpoint);
        step = checkpoint.number("step");
        saved = step;
        curve = LearningCurve.parse(checkpoint.text().get("curve"));
        divergenceCurve = LearningCurve.parse(checkpoint.text().get("divergence"));
        String[] parts = checkpoint.text().get("sums").split(" ");
        sums = new double[] {Double.parseDouble(parts[0]), Double.parseDouble(parts[1])};
    }
}
