package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Gradients;
import worldmodels.nn.Learner;
import worldmodels.nn.Optimiser;
import worldmodels.nn.Terms;
import worldmodels.run.KitException;

/** A vision model that learns from batches of frames; what a step does with one, its heirs say. */
public abstract class VisionLearner implements Learner {

    /** The term that is KL in all, in nats. */
    public static final String DIVERGENCE = "divergence";

    static final String RECONSTRUCTION = "reconstruction error";
    /** More nats than any picture needs: the divergence is running away. */
    private static final double RUNAWAY = 1e5;

    /**
     * Where the pictures come from.
     *
     * @param batch             pictures per step
     * @param validationBatches how many batches of unseen pictures a point of the curve measures
     */
    public record Frames(int batch, FrameSource training, FrameSource validation, int validationBatches) {

        public Frames {
            if (batch < 1 || validationBatches < 1) {
                throw new KitException("Training a vision model: batches of " + batch + " frames and " + validationBatches
                        + " batches for validation are not possible; both must be positive.");
            }
        }
    }

    /**
     * One batch's loss.
     *
     * @param total          what is minimised, a scalar
     * @param reconstruction squared error per frame, or -ln of its likelihood; a scalar
     * @param divergences    KL by group of latents, scalars in nats; none for a model without a posterior
     */
    public record Loss(NDArray total, NDArray reconstruction, List<NDArray> divergences) {}

    private final VisionModel model;
    private final List<Optimiser> optimisers;
    private final Map<String, String> settings;
    private final long seed;
    private final Frames frames;
    private final ByteBuffer pixels;

    /**
     * @param model      trained in place
     * @param optimisers of its parameters, closed with this
     * @param settings   what the weights depend on beside the model's own and the frames
     * @param seed       of what is random in a step
     */
    protected VisionLearner(VisionModel model, List<Optimiser> optimisers, Map<String, String> settings, long seed, Frames frames) {
        this.model = model;
        this.optimisers = List.copyOf(optimisers);
        this.settings = Map.copyOf(settings);
        this.seed = seed;
        this.frames = frames;
        this.pixels = ByteBuffer.allocateDirect(frames.batch * ConvVae.FRAME_BYTES);
    }

    /**
     * One step on a training batch: where one loss moves all, {@link #descend} along it.
     *
     * @param frames uint8 (batch, 64, 64, 3)
     * @param step   counted from 0; whatever is random comes from it
     */
    protected abstract Terms learn(NDArray frames, Gradients.Tape tape, long step);

    /**
     * The loss of a batch that is never trained on.
     *
     * @param batch of the validation; its noise is always the same, so that the curve moves with the model alone
     */
    protected abstract Loss validationLoss(NDArray frames, long batch);

    @Override
    public String work() {
        return model.kind() + " training";
    }

    @Override
    public String kind() {
        return model.kind();
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> all = new LinkedHashMap<>(model.settings());
        all.putAll(settings);
        all.put("seed", "" + seed);
        all.put("batch", "" + frames.batch);
        all.put("validationBatches", "" + frames.validationBatches);
        return all;
    }

    @Override
    public Terms update(long step) {
        frames.training.fill(step, pixels.clear());
        try (NDManager scope = model.parameters().manager().newSubManager(); Gradients.Tape tape = Gradients.record()) {
            return learn(pictures(scope), tape, step);
        }
    }

    /** All optimisers move along the gradient of one loss. */
    protected final Terms descend(Loss loss, Gradients.Tape tape) {
        Terms terms = terms(loss);
        tape.backward(loss.total);
        optimisers.forEach(Optimiser::step);
        return terms;
    }

    static Terms terms(Loss loss) {
        Terms terms = Terms.of(RECONSTRUCTION, value(loss.reconstruction));
        double sum = 0;
        for (int group = 0; group < loss.divergences.size(); group++) {
            double divergence = value(loss.divergences.get(group));
            if (loss.divergences.size() > 1) {
                terms = terms.and(DIVERGENCE + " of group " + group, divergence, RUNAWAY);
            }
            sum += divergence;
        }
        return terms.and(DIVERGENCE, sum, RUNAWAY * Math.max(1, loss.divergences.size())).loss(terms.value(RECONSTRUCTION) + sum);
    }

    @Override
    public Terms measure(long step, Terms means) {
        double reconstruction = 0;
        double divergence = 0;
        for (int batch = 0; batch < frames.validationBatches; batch++) {
            frames.validation.fill(batch, pixels.clear());
            try (NDManager scope = model.parameters().manager().newSubManager(); Gradients.Pause pause = Gradients.pause()) {
                Loss loss = validationLoss(pictures(scope), batch);
                reconstruction += value(loss.reconstruction) / frames.validationBatches;
                for (NDArray group : loss.divergences) {
                    divergence += value(group) / frames.validationBatches;
                }
            }
        }
        return Terms.of(RECONSTRUCTION, reconstruction).and(DIVERGENCE, divergence).loss(reconstruction + divergence);
    }

    private NDArray pictures(NDManager scope) {
        return scope.create(pixels.clear(), new Shape(frames.batch, ConvVae.SIZE, ConvVae.SIZE, 3), DataType.UINT8);
    }

    static float value(NDArray scalar) {
        return scalar.toFloatArray()[0];
    }

    @Override
    public void save(Checkpoint.Draft draft) {
        draft.put(model.parameters());
        optimisers.forEach(draft::put);
    }

    @Override
    public void restore(Checkpoint found) {
        found.copyInto(model.parameters());
        optimisers.forEach(optimiser -> optimiser.restore(found));
    }

    @Override
    public void close() {
        optimisers.forEach(Optimiser::close);
    }
}
