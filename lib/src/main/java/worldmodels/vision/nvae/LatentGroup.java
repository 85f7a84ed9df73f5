package worldmodels.vision.nvae;

import ai.djl.ndarray.NDArray;

/**
 * One group of latents below the top: a grid of a few channels at one scale of the decoder (Vahdat and Kautz 2020, section 3, figure 2). What the decoder
 * knows so far gives the prior; with what the encoder saw at this scale it gives the posterior, relative to that prior.
 *
 * <pre>
 *   h (decoder) --> prior p(z | above)                     s (encoder)
 *        \                                                  /
 *         +------ h + conv 1 (s) --> change of the prior <-+     posterior q(z | above, x)
 *        z --> h = conv 1 [h z]
 * </pre>
 */
public final class LatentGroup {

    private final int latents;
    private final Layer prior;
    private final Layer fromEncoder;
    private final Layer posterior;
    private final Layer combine;

    /**
     * @param channels of the decoder and the encoder at this scale
     * @param latents  channels of z
     */
    LatentGroup(Weights weights, int channels, int latents) {
        this.latents = latents;
        prior = Cell.swish().then(Convolution.one(weights.in("prior"), channels, 2 * latents));
        fromEncoder = Convolution.one(weights.in("encoder"), channels, channels);
        posterior = Cell.swish().then(new Convolution(weights.in("posterior"), channels, 2 * latents, 3, 1, 1));
        combine = Convolution.one(weights.in("combine"), channels + latents, channels);
    }

    /**
     * What came of it.
     *
     * @param h          the decoder's features with z in them, (batch, channels, height, width)
     * @param divergence KL(q ‖ p) of each picture in nats, (batch)
     */
    record Seen(NDArray h, NDArray divergence) {}

    /**
     * With a picture: z from the posterior.
     *
     * @param s     the encoder's features at this scale
     * @param noise ε of z, (batch, latents, height, width)
     * @param seen  (batch, 1, 1, 1): 1 where z comes from the picture; 0 where it is the prior's mean, at no divergence
     */
    Seen look(NDArray h, NDArray s, NDArray noise, NDArray seen, boolean training) {
        NDArray p = prior.apply(h, training);
        NDArray change = posterior.apply(h.add(fromEncoder.apply(s, training)), training);
        Gaussian before = Gaussian.of(first(p), second(p));
        Gaussian after = Gaussian.residual(first(p), second(p), first(change), second(change));
        NDArray z = after.sample(noise).sub(before.mean()).mul(seen).add(before.mean());
        long batch = h.getShape().get(0);
        NDArray divergence = after.divergence(before).mul(seen).reshape(batch, -1).sum(new int[] {1});
        return new Seen(withLatents(h, z, training), divergence);
    }

    /**
     * Without one: z from the prior.
     *
     * @param noise       ε of z; null for the prior's mean
     * @param temperature times the prior's deviation
     */
    NDArray imagine(NDArray h, NDArray noise, float temperature) {
        NDArray p = prior.apply(h, false);
        Gaussian before = Gaussian.of(first(p), second(p));
        NDArray z = noise == null ? before.mean() : before.sample(noise.mul(temperature));
        return withLatents(h, z, false);
    }

    private NDArray withLatents(NDArray h, NDArray z, boolean training) {
        return combine.apply(h.concat(z, 1), training);
    }

    private NDArray first(NDArray both) {
        return both.get(":, :" + latents);
    }

    private NDArray second(NDArray both) {
        return both.get(":, " + latents + ":");
    }

    int latents() {
        return latents;
    }
}
