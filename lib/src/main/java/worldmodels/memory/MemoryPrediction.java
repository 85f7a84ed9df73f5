package worldmodels.memory;

import worldmodels.run.KitException;

/**
 * What M says about the next step of a batch of episodes.
 *
 * @param latent  the mixtures over the next z
 * @param rewards the expected reward of the step, (batch); null without that head
 * @param ends    the probability that the episode ends with the step, (batch); null without that head
 */
public record MemoryPrediction(Mixture latent, float[] rewards, float[] ends) {

    /** @throws KitException if the model has no head for rewards */
    public float reward(int row) {
        if (rewards == null) {
            throw new KitException("This memory predicts no reward; train one whose shape has the reward head.");
        }
        return rewards[row];
    }

    /** @throws KitException if the model has no head for ends */
    public float end(int row) {
        if (ends == null) {
            throw new KitException("This memory predicts no end of the episode; train one whose shape has the done head.");
        }
        return ends[row];
    }

    static MemoryPrediction of(MdnRnnShape shape, int batch, float[] outputs) {
        int block = shape.mixtures() * shape.latent();
        float[] logits = new float[batch * block];
        float[] means = new float[batch * block];
        float[] logSigmas = new float[batch * block];
        float[] rewards = shape.reward() ? new float[batch] : null;
        float[] ends = shape.done() ? new float[batch] : null;
        for (int row = 0; row < batch; row++) {
            int at = row * shape.outputs();
            System.arraycopy(outputs, at, logits, row * block, block);
            System.arraycopy(outputs, at + block, means, row * block, block);
            System.arraycopy(outputs, at + 2 * block, logSigmas, row * block, block);
            at += shape.mixtureOutputs();
            if (rewards != null) {
                rewards[row] = outputs[at++];
            }
            if (ends != null) {
                ends[row] = (float) (1 / (1 + Math.exp(-outputs[at])));
            }
        }
        for (int i = 0; i < logSigmas.length; i++) {
            logSigmas[i] = Math.clamp(logSigmas[i], -MdnRnn.LOG_SIGMA_BOUND, MdnRnn.LOG_SIGMA_BOUND);
        }
        return new MemoryPrediction(new Mixture(batch, shape.mixtures(), shape.latent(), logits, means, logSigmas), rewards, ends);
    }
}
