package worldmodels.memory;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import worldmodels.nn.MixtureOps;
import worldmodels.nn.Noise;
import worldmodels.random.Pcg64;

/**
 * What M is trained to make small:
 *
 * <pre>
 *   L = mean over steps and latents of -log p(z')  [+ w_r mean (r - r̂)²]  [+ w_d mean cross-entropy(d, σ(d̂))]
 * </pre>
 *
 * <p>The first term is the authors' (per latent, so 1.419 is what a standard normal would score); z and z' are drawn anew from the
 * posterior in every batch, so that M cannot learn V's noise by heart. Where the agent acts on the mean, what it will meet is the mean: then the noise is
 * bounded ({@link MdnRnnSettings#deviation}), and only keeps M from being surer of a number of z than V is.
 *
 * <p>Where every z is shown, the last two tell how the car moves, and M need not know what its actions lead to; in its own dream that motion then goes on
 * whatever is done. So some stretches of z can be left out of what goes in ({@link MdnRnnSettings#unseen}), as ChauffeurNet's past motion is (Bansal et al.
 * 2018); they are predicted all the same.
 *
 * @param outputs    the model's, (steps * batch, outputs), with their graph
 * @param gradient   of L with respect to {@code outputs}
 * @param likelihood the first term
 * @param reward     mean squared error of the reward; 0 without that head
 * @param done       mean cross-entropy of the end; 0 without that head
 * @param total      L
 */
record MdnRnnLoss(NDArray outputs, NDArray gradient, double likelihood, double reward, double done, double total) {

    /** Mean number of steps of a stretch without z. */
    static final int STRETCH = 10;

    /** @param noiseSeed of the draw of z, and of which are not shown */
    static MdnRnnLoss of(MdnRnn model, NDManager step, LatentBatch batch, MdnRnnSettings settings, long noiseSeed) {
        MdnRnnShape shape = model.shape();
        long frames = batch.steps() + 1;
        Shape latents = new Shape(frames, batch.batch(), shape.latent());
        NDArray z = step.create(bounded(batch.logVariance(), settings.deviation()), latents).muli(0.5f).exp().muli(Noise.normal(step, latents, noiseSeed))
                .addi(step.create(batch.mean(), latents));
        NDArray action = step.create(batch.action(), new Shape(batch.steps(), batch.batch(), shape.actions()));
        NDArray seen = z.get("0:" + batch.steps());
        if (settings.unseen() > 0) {
            seen = seen.mul(step.create(shown(batch, settings.unseen(), noiseSeed), new Shape(batch.steps(), batch.batch(), 1)));
        }
        NDArray x = NDArrays.concat(new NDList(seen, action), 2);
        NDArray next = z.get("1:" + frames).reshape(-1, shape.latent());
        return of(shape, step, model.forward(x), next, batch, settings);
    }

    /** 1 where z is shown, 0 in the stretches without it, (T, B); each sequence begins with what it is shown. */
    static float[] shown(LatentBatch batch, double unseen, long seed) {
        Pcg64 random = Pcg64.stream(seed, "memory unseen");
        double ends = 1.0 / STRETCH;
        double begins = ends * unseen / (1 - unseen);
        float[] shown = new float[batch.steps() * batch.batch()];
        for (int lane = 0; lane < batch.batch(); lane++) {
            boolean sees = true;
            for (int t = 0; t < batch.steps(); t++) {
                shown[t * batch.batch() + lane] = sees ? 1 : 0;
                sees = sees ? random.nextDouble() >= begins : random.nextDouble() < ends;
            }
        }
        return shown;
    }

    /** ln σ² of deviations that are {@code deviation} at most. */
    private static float[] bounded(float[] logVariance, float deviation) {
        if (deviation == Float.POSITIVE_INFINITY) {
            return logVariance;
        }
        float most = (float) (2 * Math.log(deviation));
        float[] bounded = new float[logVariance.length];
        for (int i = 0; i < bounded.length; i++) {
            bounded[i] = Math.min(most, logVariance[i]);
        }
        return bounded;
    }

    private static MdnRnnLoss of(MdnRnnShape shape, NDManager step, NDArray outputs, NDArray next, LatentBatch batch,
            MdnRnnSettings settings) {
        // Weights that sum to 1 / latents make the summed likelihood the mean.
        NDArray weight = step.create(batch.weight()).divi((float) Math.max(1, batch.weightSum() * shape.latent()));
        MixtureOps.Likelihood mixture = MixtureOps.negativeLogLikelihood(step, outputs, next, weight, shape.mixtures(),
                MdnRnn.LOG_SIGMA_BOUND);
        double likelihood = mixture.total().toFloatArray()[0];
        if (!shape.reward() && !shape.done()) {
            return new MdnRnnLoss(outputs, mixture.gradient(), likelihood, 0, 0, likelihood);
        }
        NDArray values = outputs.stopGradient();
        NDArray headWeight = step.create(batch.headWeight()).divi((float) Math.max(1, batch.headWeightSum())).reshape(-1, 1);
        NDList gradients = new NDList(mixture.gradient().get(":, 0:" + shape.mixtureOutputs()));
        int column = shape.mixtureOutputs();
        double reward = 0;
        if (shape.reward()) {
            NDArray error = values.get(":, " + column + ":" + ++column).sub(step.create(batch.reward()).reshape(-1, 1));
            reward = error.square().mul(headWeight).sum().toFloatArray()[0];
            gradients.add(error.mul(headWeight).muli(2 * settings.rewardWeight()));
        }
        double done = 0;
        if (shape.done()) {
            NDArray logit = values.get(":, " + column + ":" + ++column);
            NDArray end = step.create(batch.end()).reshape(-1, 1);
            // -d log σ(x) - (1 - d) log(1 - σ(x)) = max(x, 0) - d x + log(1 + exp(-|x|))
            NDArray entropy = Activation.relu(logit).sub(end.mul(logit)).add(logit.abs().neg().exp().add(1).log());
            done = entropy.mul(headWeight).sum().toFloatArray()[0];
            NDArray probability = Activation.sigmoid(logit);
            gradients.add(probability.sub(end).mul(headWeight).muli(settings.doneWeight()));
        }
        double total = likelihood + settings.rewardWeight() * reward + settings.doneWeight() * done;
        return new MdnRnnLoss(outputs, NDArrays.concat(gradients, 1), likelihood, reward, done, total);
    }
}
