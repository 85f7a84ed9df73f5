package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import worldmodels.nn.Adamax;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Noise;
import worldmodels.nn.Seeds;
import worldmodels.nn.TorchOps;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;
import worldmodels.vision.nvae.Decoder;
import worldmodels.vision.nvae.KlSchedule;
import worldmodels.vision.nvae.SpectralRegularisation;

/**
 * An {@link Nvae} that learns (Vahdat and Kautz 2020, section 4 and appendix A): Adamax with a rate that rises for a twentieth of the steps and
 * falls as a cosine, warm-up and balancing of the divergences, spectral regularisation.
 *
 * <pre>
 * loss = squared error + Σ β γ_l KL_l + λ (Σ s_i + Σ max |γ_j|)
 * </pre>
 */
public final class NvaeLearner extends VisionLearner {

    private static final float EPSILON = 1e-3f;
    private static final float WEIGHT_DECAY = 3e-4f;
    private static final double WARM_UP = 0.3;
    private static final double LAST_RATE = 1e-4;
    private static final double RATE_WARM_UP = 0.05;

    /**
     * @param learningRate   of Adamax at its height; it falls to 1e-4
     * @param regularisation λ; 0.1 in the thesis
     * @param unseen         share of a batch's pictures whose lower groups are filled in from the priors, so that the top vector learns to carry
     *                       the scene
     * @param steps          how many steps in all, for the schedules
     * @param seed           of the noise
     */
    public record Settings(float learningRate, float regularisation, float unseen, long steps, long seed) {

        public Settings {
            require(learningRate > 0 && Float.isFinite(learningRate), "learningRate", learningRate, "positive");
            require(regularisation >= 0 && Float.isFinite(regularisation), "regularisation", regularisation, "0 or more");
            require(unseen >= 0 && unseen < 1, "unseen", unseen, "a share from 0 up to, not including, 1");
            require(steps > 0, "steps", steps, "positive");
        }

        /** Up in a straight line for a twentieth of the steps (five of ninety epochs in the authors' command lines), then down as a cosine. */
        float rate(long step) {
            double first = RATE_WARM_UP * steps;
            if (step < first) {
                return (float) (learningRate * (step + 1) / (first + 1));
            }
            double done = (step - first) / (steps - first);
            return (float) (LAST_RATE + (learningRate - LAST_RATE) * 0.5 * (1 + Math.cos(Math.PI * done)));
        }

        private Map<String, String> text() {
            return Map.of("learningRate", "" + learningRate, "regularisation", "" + regularisation, "unseen", "" + unseen, "steps", "" + steps,
                    "seed", "" + seed);
        }
    }

    private final Nvae model;
    private final Settings settings;
    private final int batch;
    private final Adamax adamax;
    private final SpectralRegularisation spectral;
    private final KlSchedule schedule;

    /** @param model trained in place */
    public NvaeLearner(Nvae model, Settings settings, Frames frames) {
        this(model, settings, frames, new Adamax(model.parameters(), settings.learningRate, EPSILON, WEIGHT_DECAY));
        require(batch > 1, "batch", batch, "at least 2, since batch normalisation needs others to compare with");
    }

    private NvaeLearner(Nvae model, Settings settings, Frames frames, Adamax adamax) {
        super(model, adamax, settings.text(), frames);
        this.model = model;
        this.settings = settings;
        this.batch = frames.batch();
        this.adamax = adamax;
        spectral = new SpectralRegularisation(model.parameters(), settings.seed);
        schedule = new KlSchedule(Math.round(WARM_UP * settings.steps));
    }

    private static void require(boolean good, String name, Number value, String rule) {
        if (!good) {
            throw new KitException("NVAE training: " + name + " cannot be " + value + "; it must be " + rule + ".");
        }
    }

    @Override
    public String work() {
        return "NVAE training";
    }

    @Override
    protected Loss loss(NDArray frames, long step) {
        adamax.learningRate(settings.rate(step));
        Nvae.Loss loss = loss(frames, "nvae noise", step, unseen(frames.getManager(), step), true);
        double[] divergences = new double[loss.divergences().size()];
        for (int i = 0; i < divergences.length; i++) {
            divergences[i] = loss.divergences().get(i).toFloatArray()[0];
        }
        double[] weights = schedule.weights(step, divergences, model.shape().groupSizes());
        NDArray total = loss.reconstruction();
        for (int i = 0; i < divergences.length; i++) {
            total = total.add(TorchOps.times(loss.divergences().get(i), weights[i]));
        }
        if (settings.regularisation > 0) {
            total = total.add(TorchOps.times(spectral.penalty(frames.getManager()), settings.regularisation));
        }
        return new Loss(total, loss.reconstruction(), loss.divergences());
    }

    /** Everything is seen, with the statistics that batch normalisation has kept. */
    @Override
    protected Loss validationLoss(NDArray frames, long batch) {
        NDArray all = frames.getManager().ones(new Shape(this.batch, 1, 1, 1));
        Nvae.Loss loss = loss(frames, "nvae validation noise", batch, all, false);
        return new Loss(loss.reconstruction(), loss.reconstruction(), loss.divergences());
    }

    private Nvae.Loss loss(NDArray frames, String name, long index, NDArray seen, boolean training) {
        NDManager scope = frames.getManager();
        NDArray top = Noise.normal(scope, new Shape(batch, model.latentSize()), Seeds.named(settings.seed, name, index));
        Decoder.Noise lower = (group, sizes) -> Noise.normal(scope, new Shape(sizes),
                Seeds.named(settings.seed, name + " of group " + group, index));
        return model.loss(frames, top, lower, seen, training);
    }

    private NDArray unseen(NDManager scope, long step) {
        Pcg64 random = Pcg64.stream(Seeds.named(settings.seed, "nvae unseen", step), "unseen");
        float[] seen = new float[batch];
        for (int i = 0; i < seen.length; i++) {
            seen[i] = random.nextDouble() < settings.unseen ? 0 : 1;
        }
        return scope.create(seen, new Shape(batch, 1, 1, 1));
    }

    @Override
    public void save(Checkpoint.Draft draft) {
        super.save(draft);
        draft.put(spectral.state());
    }

    @Override
    public void restore(Checkpoint found) {
        super.restore(found);
        spectral.restore(found);
    }

    @Override
    public void close() {
        spectral.close();
        super.close();
    }
}
