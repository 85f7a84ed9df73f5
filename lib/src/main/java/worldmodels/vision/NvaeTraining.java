package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import worldmodels.nn.Adamax;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.LearningCurve;
import worldmodels.nn.Optimiser;
import worldmodels.nn.Parameters;
import worldmodels.nn.Seeds;
import worldmodels.nn.TorchOps;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.vision.nvae.Decoder;
import worldmodels.vision.nvae.KlSchedule;
import worldmodels.vision.nvae.NvaeShape;
import worldmodels.vision.nvae.SpectralRegularisation;

/**
 * Trains an {@link Nvae} (Vahdat and Kautz 2020, section 4 and appendix A): Adamax with a rate that rises for a
 * twentieth of the steps and falls as a cosine, warm-up and balancing of the
 * divergences, spectral regularisation. Resumable, as {@link VisionTraining} has it.
 *
 * <pre>
 * loss = squared error + Σ β γ_l KL_l + λ (Σ s_i + Σ max |γ_j|)
 * </pre>
 */
public final class NvaeTraining {

    private static final String WORK = "NVAE training";
    private static final float EPSILON = 1e-3f;
    private static final float WEIGHT_DECAY = 3e-4f;
    private static final double WARM_UP = 0.3;
    private static final double LAST_RATE = 1e-4;
    private static final double RATE_WARM_UP = 0.05;

    /**
     * @param shape             of the hierarchy
     * @param batch             pictures per step
     * @param learningRate      of Adamax at its height; it falls to 1e-4
     * @param regularisation    λ; 0.1 in the thesis
     * @param unseen            share of a batch's pictures whose lower groups are filled in from the priors, so that the top vector learns to
     *                          carry the scene
     * @param steps             how many steps in all
     * @param validateEvery     steps between points of the learning curve
     * @param validationBatches how many batches of unseen pictures each point measures
     * @param checkpointEvery   steps between checkpoints
     * @param seed              of weights and noise
     */
    public record Settings(NvaeShape shape, int batch, float learningRate, float regularisation, float unseen, long steps, long validateEvery,
            int validationBatches, long checkpointEvery, long seed) {

        public Settings {
            require(batch > 1, "batch", batch, "at least 2, since batch normalisation needs others to compare with");
            require(learningRate > 0 && Float.isFinite(learningRate), "learningRate", learningRate, "positive");
            require(regularisation >= 0 && Float.isFinite(regularisation), "regularisation", regularisation, "0 or more");
            require(unseen >= 0 && unseen < 1, "unseen", unseen, "a share from 0 up to, not including, 1");
            require(steps > 0 && validateEvery > 0 && validationBatches > 0 && checkpointEvery > 0, "number of steps or batches",
                    Math.min(Math.min(steps, validateEvery), Math.min(validationBatches, checkpointEvery)), "positive");
        }

        private static void require(boolean good, String name, Number value, String rule) {
            if (!good) {
                throw new KitException("NVAE training: " + name + " cannot be " + value + "; it must be " + rule + ".");
            }
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

        private Map<String, String> shared() {
            Map<String, String> shared = new LinkedHashMap<>(shape.settings());
            shared.put("learningRate", "" + learningRate);
            shared.put("regularisation", "" + regularisation);
            shared.put("unseen", "" + unseen);
            shared.put("steps", "" + steps);
            shared.put("seed", "" + seed);
            return shared;
        }
    }

    /**
     * @param model           trained; the caller closes it
     * @param curve           loss per picture: reconstruction error and all divergences in full
     * @param divergence      the divergences' part of it, in nats
     * @param framesPerSecond of this call's own steps, 0 if it had none to do
     */
    public record Result(Nvae model, LearningCurve curve, LearningCurve divergence, double framesPerSecond) {}

    private NvaeTraining() {}

    /**
     * Trains to the end, from the checkpoint if there is one.
     *
     * @param file the checkpoint, written now and then and at the end
     * @throws worldmodels.run.StoppedException if the thread is interrupted; what was done is then in the checkpoint
     * @throws KitException                     if a term is not finite or runs away (the last checkpoint is kept), or the checkpoint does not fit
     */
    public static Result run(NDManager manager, Settings settings, FrameSource training, FrameSource validation, Path file,
            Progress progress) {
        Nvae model = new Nvae(manager, settings.shape, settings.seed);
        try (Learner learner = new Learner(model, settings)) {
            VisionTraining.Rhythm rhythm = new VisionTraining.Rhythm(settings.batch, settings.steps, settings.validateEvery,
                    settings.validationBatches, settings.checkpointEvery);
            VisionTraining.Result result = VisionTraining.run(manager, learner, rhythm, training, validation, file, progress);
            return new Result(model, result.curve(), result.divergence(), result.framesPerSecond());
        } catch (RuntimeException | Error e) {
            model.close();
            throw e;
        }
    }

    private static final class Learner implements VisionTraining.Learner, AutoCloseable {

        private final Nvae model;
        private final Settings settings;
        private final Adamax adamax;
        private final SpectralRegularisation spectral;
        private final KlSchedule schedule;

        Learner(Nvae model, Settings settings) {
            this.model = model;
            this.settings = settings;
            adamax = new Adamax(model.parameters(), settings.learningRate, EPSILON, WEIGHT_DECAY);
            spectral = new SpectralRegularisation(model.parameters(), settings.seed);
            schedule = new KlSchedule(Math.round(WARM_UP * settings.steps));
        }

        @Override
        public String work() {
            return WORK;
        }

        @Override
        public String kind() {
            return Nvae.KIND;
        }

        @Override
        public Parameters parameters() {
            return model.parameters();
        }

        @Override
        public Optimiser optimiser() {
            return adamax;
        }

        @Override
        public Map<String, String> shared() {
            return settings.shared();
        }

        @Override
        public VisionTraining.Terms learn(NDArray frames, long step) {
            adamax.learningRate(settings.rate(step));
            Nvae.Loss loss = loss(frames, "nvae noise", step, unseen(frames.getManager(), step), true);
            double[] divergences = new double[loss.divergences().size()];
            for (int i = 0; i < divergences.length; i++) {
                divergences[i] = loss.divergences().get(i).toFloatArray()[0];
            }
            double[] weights = schedule.weights(step, divergences, settings.shape.groupSizes());
            NDArray total = loss.reconstruction();
            for (int i = 0; i < divergences.length; i++) {
                total = total.add(TorchOps.times(loss.divergences().get(i), weights[i]));
            }
            if (settings.regularisation > 0) {
                total = total.add(TorchOps.times(spectral.penalty(frames.getManager()), settings.regularisation));
            }
            return new VisionTraining.Terms(total, loss.reconstruction(), loss.divergences());
        }

        /** Everything is seen, with the statistics that batch normalisation has kept. */
        @Override
        public VisionTraining.Terms validate(NDArray frames, long batch) {
            NDArray all = frames.getManager().ones(new Shape(settings.batch, 1, 1, 1));
            Nvae.Loss loss = loss(frames, "nvae validation noise", batch, all, false);
            return new VisionTraining.Terms(loss.reconstruction(), loss.reconstruction(), loss.divergences());
        }

        private Nvae.Loss loss(NDArray frames, String name, long index, NDArray seen, boolean training) {
            NDManager scope = frames.getManager();
            NDArray top = TorchOps.normal(scope, new Shape(settings.batch, settings.shape.latentSize()), Seeds.named(settings.seed, name, index));
            Decoder.Noise lower = (group, sizes) -> TorchOps.normal(scope, new Shape(sizes),
                    Seeds.named(settings.seed, name + " of group " + group, index));
            return model.loss(frames, top, lower, seen, training);
        }

        private NDArray unseen(NDManager scope, long step) {
            Pcg64 random = Pcg64.stream(Seeds.named(settings.seed, "nvae unseen", step), "unseen");
            float[] seen = new float[settings.batch];
            for (int i = 0; i < seen.length; i++) {
                seen[i] = random.nextDouble() < settings.unseen ? 0 : 1;
            }
            return scope.create(seen, new Shape(settings.batch, 1, 1, 1));
        }

        @Override
        public Map<String, NDArray> state() {
            return spectral.state();
        }

        @Override
        public void restore(Checkpoint checkpoint) {
            spectral.restore(checkpoint);
        }

        @Override
        public void close() {
            adamax.close();
            spectral.close();
        }
    }
}
