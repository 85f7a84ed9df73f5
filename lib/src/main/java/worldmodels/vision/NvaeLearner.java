package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import worldmodels.nn.Adamax;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Gradients;
import worldmodels.nn.Noise;
import worldmodels.nn.Seeds;
import worldmodels.nn.Terms;
import worldmodels.nn.TorchOps;
import worldmodels.random.Pcg64;
import worldmodels.run.Settings;
import worldmodels.vision.nvae.Balancing;
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
 *
 * λ and the decay of the weights are NVAE's, and its loss is in nats, -ln P of mixtures of logistics. A squared error, the thesis' choice, is about a
 * thousand times smaller, so that both hold the network down a thousand times as hard; under the likelihood of an {@link Objective} they weigh as they
 * were meant to.
 */
public final class NvaeLearner extends VisionLearner {

    private static final float EPSILON = 1e-3f;
    private static final float WEIGHT_DECAY = 3e-4f;
    private static final double WARM_UP = 0.3;
    private static final double LAST_RATE = 1e-4;
    private static final double RATE_WARM_UP = 0.05;

    private final Nvae model;
    private final NvaeSettings settings;
    private final long steps;
    private final long seed;
    private final int batch;
    private final Adamax adamax;
    private final SpectralRegularisation spectral;
    private final KlSchedule schedule;
    private final Optional<Bound> bound;

    /**
     * By squared error or with mixtures, as its shape has it, balanced as the paper has it.
     *
     * @param model trained in place
     * @param steps how many in all, for the schedules
     * @param seed  of the noise
     */
    public NvaeLearner(Nvae model, NvaeSettings settings, long steps, long seed, Frames frames) {
        this(model, settings, Balancing.PAPER, Objective.AUTHORS, steps, seed, frames);
    }

    public NvaeLearner(Nvae model, NvaeSettings settings, Balancing balancing, Objective objective, long steps, long seed, Frames frames) {
        this(model, settings, balancing, objective.isAuthors() ? Optional.empty() : Optional.of(new Bound(objective, model, steps)), steps, seed, frames,
                new Adamax(model.parameters(), settings.learningRate(), EPSILON, WEIGHT_DECAY));
    }

    private NvaeLearner(Nvae model, NvaeSettings settings, Balancing balancing, Optional<Bound> bound, long steps, long seed, Frames frames, Adamax adamax) {
        super(model, List.of(adamax), text(settings, balancing, bound, steps), seed, frames);
        this.model = model;
        this.settings = settings;
        this.steps = steps;
        this.seed = seed;
        this.batch = frames.batch();
        this.adamax = adamax;
        spectral = new SpectralRegularisation(model.parameters(), seed);
        schedule = new KlSchedule(bound.map(Bound::warmUpSteps).orElse(Math.round(WARM_UP * steps)), balancing);
        this.bound = bound;
    }

    private static Map<String, String> text(NvaeSettings settings, Balancing balancing, Optional<Bound> bound, long steps) {
        Map<String, String> text = Settings.text(settings);
        bound.ifPresent(own -> text.putAll(own.text()));
        if (balancing != Balancing.PAPER) {
            text.put("balancing", "" + balancing);
        }
        text.put("steps", "" + steps);
        return text;
    }

    /** Up in a straight line for a twentieth of the steps (five of ninety epochs in the authors' command lines), then down as a cosine. */
    private float rate(long step) {
        double first = RATE_WARM_UP * steps;
        if (step < first) {
            return (float) (settings.learningRate() * (step + 1) / (first + 1));
        }
        double done = (step - first) / (steps - first);
        return (float) (LAST_RATE + (settings.learningRate() - LAST_RATE) * 0.5 * (1 + Math.cos(Math.PI * done)));
    }

    @Override
    public String work() {
        return "NVAE training";
    }

    @Override
    protected Terms learn(NDArray frames, Gradients.Tape tape, long step) {
        adamax.learningRate(rate(step));
        Nvae.Loss loss = loss(frames, "nvae noise", step, unseen(frames.getManager(), step), true);
        double[] divergences = new double[loss.divergences().size()];
        for (int i = 0; i < divergences.length; i++) {
            divergences[i] = loss.divergences().get(i).toFloatArray()[0];
        }
        double[] weights = schedule.weights(step, divergences, model.shape().groupSizes());
        if (bound.isPresent()) {
            weights[0] = bound.get().price(weights[0], loss.divergences().getFirst());
        }
        NDArray reconstruction = bound.map(own -> own.learned(loss.reconstruction())).orElse(loss.reconstruction());
        NDArray total = reconstruction;
        for (int i = 0; i < divergences.length; i++) {
            total = total.add(TorchOps.times(loss.divergences().get(i), weights[i]));
        }
        if (settings.regularisation() > 0) {
            total = total.add(TorchOps.times(spectral.penalty(frames.getManager()), settings.regularisation()));
        }
        return descend(new Loss(total, reconstruction, loss.divergences()), tape);
    }

    /** Everything is seen, with the statistics that batch normalisation has kept. */
    @Override
    protected Loss validationLoss(NDArray frames, long batch) {
        NDArray all = frames.getManager().ones(new Shape(this.batch, 1, 1, 1));
        Nvae.Loss loss = loss(frames, "nvae validation noise", batch, all, false);
        NDArray reconstruction = bound.map(own -> own.measured(loss.reconstruction())).orElse(loss.reconstruction());
        return new Loss(reconstruction, reconstruction, loss.divergences());
    }

    private Nvae.Loss loss(NDArray frames, String name, long index, NDArray seen, boolean training) {
        NDManager scope = frames.getManager();
        NDArray top = Noise.normal(scope, new Shape(batch, model.latentSize()), Seeds.named(seed, name, index));
        Decoder.Noise lower = (group, sizes) -> Noise.normal(scope, new Shape(sizes),
                Seeds.named(seed, name + " of group " + group, index));
        return model.loss(frames, top, lower, seen, training);
    }

    private NDArray unseen(NDManager scope, long step) {
        Pcg64 random = Pcg64.stream(Seeds.named(seed, "nvae unseen", step), "unseen");
        float[] seen = new float[batch];
        for (int i = 0; i < seen.length; i++) {
            seen[i] = random.nextDouble() < settings.unseen() ? 0 : 1;
        }
        return scope.create(seen, new Shape(batch, 1, 1, 1));
    }

    @Override
    public void save(Checkpoint.Draft draft) {
        super.save(draft);
        draft.put(spectral.state());
        bound.ifPresent(own -> own.save(draft));
    }

    @Override
    public void restore(Checkpoint found) {
        super.restore(found);
        spectral.restore(found);
        bound.ifPresent(own -> own.restore(found));
    }

    @Override
    public void close() {
        spectral.close();
        super.close();
    }
}
