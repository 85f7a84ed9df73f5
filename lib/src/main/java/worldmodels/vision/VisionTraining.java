package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Gradients;
import worldmodels.nn.LearningCurve;
import worldmodels.nn.Optimiser;
import worldmodels.nn.Parameters;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;

/**
 * The loop that trains a vision model on batches of frames, resumably: its one checkpoint file holds weights, optimiser, step and curve, and
 * whatever is random in a step comes from the step's own seed, so a run that was stopped and resumed equals one that was not, bit for bit (on
 * the CPU, with the same number of threads).
 */
final class VisionTraining {

    /** More nats than any picture needs: the divergence is running away. */
    private static final float RUNAWAY = 1e5f;

    /**
     * One batch's loss.
     *
     * @param total          what is minimised, a scalar
     * @param reconstruction squared error per frame, or -ln of its likelihood; a scalar
     * @param divergences    KL by group of latents, scalars in nats
     */
    record Terms(NDArray total, NDArray reconstruction, List<NDArray> divergences) {}

    /** A model that learns. */
    interface Learner {

        /** What the work is called, e.g. {@code ConvVAE training}. */
        String work();

        /** The kind of the model's checkpoints. */
        String kind();

        Parameters parameters();

        Optimiser optimiser();

        /** What a resumed run must share with the one that wrote the checkpoint. */
        Map<String, String> shared();

        /** @param step counted from 0 */
        Terms learn(NDArray frames, long step);

        /** @param batch of the validation; the same batch has the same noise always */
        Terms validate(NDArray frames, long batch);

        /** What else belongs into a checkpoint; live. */
        default Map<String, NDArray> state() {
            return Map.of();
        }

        default void restore(Checkpoint checkpoint) {}
    }

    /**
     * @param batch             pictures per step
     * @param steps             how many steps in all
     * @param validateEvery     steps between points of the learning curve
     * @param validationBatches how many batches of unseen pictures each point measures
     * @param checkpointEvery   steps between checkpoints
     */
    record Rhythm(int batch, long steps, long validateEvery, int validationBatches, long checkpointEvery) {}

    /**
     * @param curve           reconstruction error and divergence per picture
     * @param divergence      the divergence's part of it, in nats
     * @param framesPerSecond of this call's own steps, 0 if it had none to do
     */
    record Result(LearningCurve curve, LearningCurve divergence, double framesPerSecond) {}

    private final NDManager manager;
    private final Learner learner;
    private final Rhythm rhythm;
    private final FrameSource training;
    private final FrameSource validation;
    private final Path file;
    private final ByteBuffer frames;
    private long step;
    private long saved = -1;
    private LearningCurve curve = LearningCurve.EMPTY;
    private LearningCurve divergenceCurve = LearningCurve.EMPTY;
    private double[] sums = new double[2];

    private VisionTraining(NDManager manager, Learner learner, Rhythm rhythm, FrameSource training, FrameSource validation, Path file) {
        this.manager = manager;
        this.learner = learner;
        this.rhythm = rhythm;
        this.training = training;
        this.validation = validation;
        this.file = file;
        this.frames = ByteBuffer.allocateDirect(rhythm.batch * ConvVae.FRAME_BYTES);
    }

    /**
     * Trains to the end, from the checkpoint if there is one.
     *
     * @throws StoppedException if the thread is interrupted; what was done is then in the checkpoint
     * @throws KitException     if a term is not finite (the last checkpoint is kept), or the checkpoint does not fit
     */
    static Result run(NDManager manager, Learner learner, Rhythm rhythm, FrameSource training, FrameSource validation, Path file,
            Progress progress) {
        VisionTraining run = new VisionTraining(manager, learner, rhythm, training, validation, file);
        if (Files.exists(file)) {
            run.restore();
        }
        double framesPerSecond = run.train(progress);
        return new Result(run.curve, run.divergenceCurve, framesPerSecond);
    }

    private double train(Progress progress) {
        progress.start(learner.work(), rhythm.steps, "steps");
        progress.at(step, "");
        long first = step;
        long start = System.nanoTime();
        while (step < rhythm.steps) {
            stopIfInterrupted();
            double loss = update();
            if (isPoint()) {
                addPoint();
            }
            if (step % rhythm.checkpointEvery == 0) {
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

    /** Now and then and at the end, but for a point that the end follows at once. */
    private boolean isPoint() {
        return step == rhythm.steps || step % rhythm.validateEvery == 0 && rhythm.steps - step > rhythm.validateEvery / 2;
    }

    private double speed(long first, long start) {
        return (step - first) * rhythm.batch / ((System.nanoTime() - start) / 1e9 + 1e-9);
    }

    private double update() {
        training.fill(step, frames.clear());
        try (NDManager scope = manager.newSubManager(); Gradients.Tape tape = Gradients.record()) {
            Terms terms = learner.learn(pictures(scope), step);
            double reconstruction = finite(terms.reconstruction(), "reconstruction error");
            double divergence = divergence(terms);
            tape.backward(terms.total());
            learner.optimiser().step();
            sums[0] += reconstruction;
            sums[1] += divergence;
            step++;
            return reconstruction + divergence;
        }
    }

    private NDArray pictures(NDManager scope) {
        return scope.create(frames.clear(), new Shape(rhythm.batch, ConvVae.SIZE, ConvVae.SIZE, 3), DataType.UINT8);
    }

    private double divergence(Terms terms) {
        double sum = 0;
        for (int group = 0; group < terms.divergences().size(); group++) {
            String term = terms.divergences().size() == 1 ? "divergence" : "divergence of group " + group;
            float value = finite(terms.divergences().get(group), term);
            if (value > RUNAWAY) {
                throw notFinite("the " + term + " has run away to " + value + " nats");
            }
            sum += value;
        }
        return sum;
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
        return new KitException(learner.work() + ": " + what + " at step " + step + " (" + kept
                + "); lower the learning rate or check the frames.");
    }

    /** Every validation uses the same pictures and the same noise, so that its curve moves with the model alone. */
    private void addPoint() {
        long since = step - (curve.points().isEmpty() ? 0 : curve.last().step());
        double[] unseen = new double[2];
        for (int batch = 0; batch < rhythm.validationBatches; batch++) {
            validation.fill(batch, frames.clear());
            try (NDManager scope = manager.newSubManager(); Gradients.Pause pause = Gradients.pause()) {
                Terms terms = learner.validate(pictures(scope), batch);
                unseen[0] += terms.reconstruction().toFloatArray()[0] / rhythm.validationBatches;
                for (NDArray group : terms.divergences()) {
                    unseen[1] += group.toFloatArray()[0] / rhythm.validationBatches;
                }
            }
        }
        curve = curve.and(step, (sums[0] + sums[1]) / since, unseen[0] + unseen[1]);
        divergenceCurve = divergenceCurve.and(step, sums[1] / since, unseen[1]);
        sums = new double[2];
    }

    private void stopIfInterrupted() {
        try {
            StoppedException.throwIfInterrupted(learner.work());
        } catch (StoppedException e) {
            if (step > 0 && saved != step) {
                save();
            }
            throw e;
        }
    }

    private void save() {
        if (!learner.parameters().areFinite()) {
            throw notFinite("a weight is no longer finite");
        }
        Map<String, String> text = new LinkedHashMap<>(shared());
        text.put("step", "" + step);
        text.put("curve", curve.toCsv());
        text.put("divergence", divergenceCurve.toCsv());
        text.put("sums", sums[0] + " " + sums[1]);
        Map<String, NDArray> tensors = new LinkedHashMap<>(learner.parameters().named());
        tensors.putAll(learner.optimiser().state());
        tensors.putAll(learner.state());
        Checkpoint.write(file, learner.kind(), text, tensors);
        saved = step;
    }

    private void restore() {
        Checkpoint checkpoint = Checkpoint.read(file, learner.kind()).require(shared());
        checkpoint.copyInto(learner.parameters());
        learner.optimiser().restore(checkpoint);
        learner.restore(checkpoint);
        step = checkpoint.number("step");
        saved = step;
        curve = LearningCurve.parse(checkpoint.text().get("curve"));
        divergenceCurve = LearningCurve.parse(checkpoint.text().get("divergence"));
        String[] parts = checkpoint.text().get("sums").split(" ");
        sums = new double[] {Double.parseDouble(parts[0]), Double.parseDouble(parts[1])};
    }

    private Map<String, String> shared() {
        Map<String, String> shared = new LinkedHashMap<>(learner.shared());
        shared.put("batch", "" + rhythm.batch);
        shared.put("validateEvery", "" + rhythm.validateEvery);
        shared.put("validationBatches", "" + rhythm.validationBatches);
        return shared;
    }
}
