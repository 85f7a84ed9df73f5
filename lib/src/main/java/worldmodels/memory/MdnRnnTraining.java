package worldmodels.memory;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import worldmodels.nn.Adam;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Gradients;
import worldmodels.nn.LearningCurve;
import worldmodels.nn.Seeds;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;

/**
 * Trains M on encoded episodes. After each epoch it measures the validation loss and writes a checkpoint with weights, optimiser, step and
 * curve; a training that finds one in its place goes on from there, and ends as if it had never stopped, bit for bit (on the CPU with the
 * same number of threads): order and noise depend on the seed and the step alone.
 */
public final class MdnRnnTraining implements AutoCloseable {

    static final String KIND = "MdnRnnTraining";

    private final MdnRnn model;
    private final MdnRnnSettings settings;
    private final LatentSequences training;
    private final List<LatentBatch> validation;
    private final Path checkpoint;
    private final Adam adam;

    private LearningCurve curve = LearningCurve.EMPTY;
    private long step;
    // Sum of the losses of the epoch under way; part of the state, so that a resumed epoch reports the same mean.
    private double epochSum;

    /**
     * @param model      what is trained, in place
     * @param validation episodes that are never trained on; none leaves the validation loss out
     * @param checkpoint where the training keeps its state; continued from if it is there
     * @throws KitException if the checkpoint there belongs to a training with other settings
     */
    public MdnRnnTraining(MdnRnn model, List<LatentEpisode> training, List<LatentEpisode> validation, MdnRnnSettings settings,
            Path checkpoint) {
        this.model = model;
        this.settings = settings;
        this.training = new LatentSequences(training, settings.sequence(), settings.batch(), settings.seed());
        if (this.training.latent() != model.shape().latent() || this.training.actions() != model.shape().actions()) {
            throw new KitException("The episodes have " + this.training.latent() + " latents and " + this.training.actions()
                    + " actions, M has " + model.shape().latent() + " and " + model.shape().actions()
                    + "; make M for the V that encoded them.");
        }
        this.validation = validation.isEmpty() ? List.of()
                : new LatentSequences(validation, settings.sequence(), settings.batch(), settings.seed()).all();
        this.checkpoint = checkpoint;
        this.adam = new Adam(model.parameters(), settings.learningRate());
        if (Files.exists(checkpoint)) {
            restore();
        }
    }

    /** Optimiser steps in all. */
    public long steps() {
        return settings.epochs() * training.batchesPerEpoch();
    }

    /** Optimiser steps taken. */
    public long step() {
        return step;
    }

    /** What was measured so far, once per epoch. */
    public LearningCurve curve() {
        return curve;
    }

    /**
     * Trains to the end.
     *
     * @return the whole curve
     * @throws StoppedException if interrupted; the checkpoint holds all finished steps
     * @throws KitException     if the loss or a gradient is not finite; the checkpoint of the last epoch is untouched
     */
    public LearningCurve run(Progress progress) {
        progress.start("MDN-RNN training", steps(), "steps");
        progress.at(step, "");
        while (step < steps()) {
            saveAndStopIfInterrupted();
            double loss = advance();
            progress.at(step, String.format(Locale.ROOT, "loss %.4f", loss));
            if (step % training.batchesPerEpoch() == 0) {
                curve = curve.and(step, epochSum / training.batchesPerEpoch(), validationLoss());
                epochSum = 0;
                save();
            }
        }
        progress.done(curve.points().isEmpty() ? "" : String.format(Locale.ROOT, "loss %.4f, validation %.4f", curve.last().training(),
                curve.last().validation()));
        return curve;
    }

    /**
     * Takes one optimiser step; {@link #run} is this with curve and checkpoints.
     *
     * @return the batch's loss before the step
     */
    public double advance() {
        double loss = train(step);
        step++;
        epochSum += loss;
        return loss;
    }

    private void saveAndStopIfInterrupted() {
        try {
            StoppedException.throwIfInterrupted("MDN-RNN training");
        } catch (StoppedException e) {
            save();
            throw e;
        }
    }

    private double train(long at) {
        try (NDManager scratch = model.parameters().manager().newSubManager(); Gradients.Tape tape = Gradients.record()) {
            MdnRnnLoss loss = MdnRnnLoss.of(model, scratch, training.batch(at), settings, Seeds.named(settings.seed(), "memory noise", at));
            requireFinite("The negative log-likelihood", loss.likelihood(), at);
            requireFinite("The reward's squared error", loss.reward(), at);
            requireFinite("The end's cross-entropy", loss.done(), at);
            tape.backward(loss.outputs(), loss.gradient());
            Gradients.requireFinite(model.parameters(), "step " + at + " of MDN-RNN training");
            Gradients.clipByValue(model.parameters(), settings.clip());
            adam.step();
            return loss.total();
        }
    }

    private static void requireFinite(String term, double value, long at) {
        if (!Double.isFinite(value)) {
            throw new KitException(term + " is " + value + " at step " + at + " of MDN-RNN training; lower the learning rate, or resume"
                    + " from the last checkpoint with another seed.");
        }
    }

    /** @return the mean loss over all validation sequences, z drawn with the same noise each time; not a number if there are none */
    public double validationLoss() {
        double sum = 0;
        double weight = 0;
        for (int i = 0; i < validation.size(); i++) {
            LatentBatch batch = validation.get(i);
            try (NDManager scratch = model.parameters().manager().newSubManager(); Gradients.Pause pause = Gradients.pause()) {
                long noise = Seeds.named(settings.seed(), "memory validation noise", i);
                MdnRnnLoss loss = MdnRnnLoss.of(model, scratch, batch, settings, noise);
                sum += loss.total() * batch.weightSum();
                weight += batch.weightSum();
            }
        }
        return sum / weight;
    }

    /** Writes the checkpoint now. */
    public void save() {
        Map<String, String> text = new LinkedHashMap<>(model.settings());
        text.putAll(settings.text());
        text.put("step", Long.toString(step));
        text.put("epochSum", Double.toString(epochSum));
        text.put("curve", curve.toCsv());
        Map<String, NDArray> tensors = new LinkedHashMap<>(model.parameters().named());
        tensors.putAll(adam.state());
        Checkpoint.write(checkpoint, KIND, text, tensors);
    }

    private void restore() {
        Checkpoint found = Checkpoint.read(checkpoint, KIND).require(model.settings()).require(settings.text());
        found.copyInto(model.parameters());
        adam.restore(found);
        step = found.number("step");
        epochSum = Double.parseDouble(found.text().get("epochSum"));
        curve = LearningCurve.parse(found.text().get("curve"));
    }

    /** Frees the optimiser; the model stays. */
    @Override
    public void close() {
        adam.close();
    }
}
