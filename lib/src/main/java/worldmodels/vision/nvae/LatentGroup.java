package worldmodels.vision.nvae;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import worldmodels.nn.Layers;
import worldmodels.nn.Normal;
import worldmodels.nn.TorchOps;

/**
 * One group of latents below the top: a grid of a few channels at one scale of the decoder (Vahdat and Kautz 2020, section 3, figure 2). What the decoder
 * knows so far gives the prior; with what the encoder saw at this scale it gives the posterior, relative to that prior.
 *
 * <pre>
 *   h (decoder) --> prior p(z | above)                     s (encoder)
 *        \                                                  /
 *         +------ h + conv 1 (s) --> change of the prior &lt;-+     posterior q(z | above, x)
 *        z --> flows --> h = conv 1 [h z]
 * </pre>
 *
 * Without flows the divergence is exact; with them it is ln q - ln p at the sample, right on average.
 */
public final class LatentGroup {

    private final int latents;
    private final Layer prior;
    private final Layer fromEncoder;
    private final Layer posterior;
    private final Layer combine;
    private final List<AutoregressiveFlow> flows = new ArrayList<>();

    /**
     * @param channels of the decoder and the encoder at this scale
     * @param latents  channels of z
     * @param flows    how many the posterior has; every second one runs backwards
     */
    LatentGroup(Layers layers, int channels, int latents, int flows) {
        this.latents = latents;
        prior = Cell.swish().then(Convolution.one(layers.in("prior"), channels, 2 * latents));
        fromEncoder = Convolution.one(layers.in("encoder"), channels, channels);
        posterior = Cell.swish().then(new Convolution(layers.in("posterior"), channels, 2 * latents, 3, 1, 1));
        combine = Convolution.one(layers.in("combine"), channels + latents, channels);
        for (int i = 0; i < flows; i++) {
            this.flows.add(new AutoregressiveFlow(layers.in("flow" + i), latents, channels, i % 2 == 1));
        }
    }

    /**
     * What the decoder knows once z is drawn.
     *
     * @param h          the decoder's features with z in them, (batch, channels, height, width)
     * @param divergence KL(q ‖ p) of each picture in nats, (batch)
     */
    record Drawn(NDArray h, NDArray divergence) {}

    /**
     * With a picture: z from the posterior.
     *
     * @param s     the encoder's features at this scale
     * @param noise ε of z, (batch, latents, height, width)
     * @param seen  (batch, 1, 1, 1): 1 where z comes from the picture; 0 where it is the prior's mean, at no divergence
     */
    Drawn posterior(NDArray h, NDArray s, NDArray noise, NDArray seen, boolean training) {
        NDArray p = prior.apply(h, training);
        NDArray known = h.add(fromEncoder.apply(s, training));
        NDArray change = posterior.apply(known, training);
        Normal before = Held.normal(first(p), second(p));
        Normal after = Held.residual(first(p), second(p), first(change), second(change));
        NDArray z = after.sample(noise);
        NDArray divergence;
        if (flows.isEmpty()) {
            divergence = after.divergence(before);
        } else {
            NDArray logDensity = after.logDensity(z);
            for (AutoregressiveFlow flow : flows) {
                AutoregressiveFlow.Moved moved = flow.apply(z, known, training);
                z = moved.z();
                logDensity = logDensity.sub(moved.logDeterminant());
            }
            divergence = logDensity.sub(before.logDensity(z));
        }
        NDArray used = z.sub(before.mean()).mul(seen).add(before.mean());
        return new Drawn(withLatents(h, used, training), divergence.mul(seen.reshape(-1)));
    }

    /**
     * Without one: z from the prior.
     *
     * @param noise       ε of z; null for the prior's mean
     * @param temperature times the prior's deviation
     * @param training    whether batch normalisation takes and keeps this batch's statistics
     */
    NDArray imagine(NDArray h, NDArray noise, float temperature, boolean training) {
        NDArray p = prior.apply(h, training);
        Normal before = Held.normal(first(p), second(p));
        NDArray z = noise == null ? before.mean() : before.sample(TorchOps.times(noise, temperature));
        return withLatents(h, z, training);
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
