package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import worldmodels.nn.TorchOps;

/**
 * The diagonal normal q(z | x) that an encoder gives for each picture.
 *
 * @param mean        (batch, latent)
 * @param logVariance (batch, latent), ln σ²
 */
public record Posterior(NDArray mean, NDArray logVariance) {

    /**
     * z = μ + σ ε.
     *
     * @param noise ε, standard normal, (batch, latent)
     * @return (batch, latent)
     */
    public NDArray sample(NDArray noise) {
        return mean.add(TorchOps.times(logVariance, 0.5).exp().mul(noise));
    }

    /** KL(q ‖ N(0, 1)) = -½ Σ (1 + ln σ² - μ² - σ²) in nats, (batch). */
    public NDArray divergence() {
        return TorchOps.times(logVariance.add(1).sub(mean.square()).sub(logVariance.exp()).sum(new int[] {1}), -0.5);
    }
}
