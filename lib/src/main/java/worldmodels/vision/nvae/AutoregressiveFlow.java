package worldmodels.vision.nvae;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import worldmodels.nn.Layers;
import worldmodels.nn.TorchOps;

/**
 * One step of an inverse autoregressive flow (Kingma et al. 2016, section 4, equations 13 and 14), which makes a group's posterior more than a
 * diagonal normal: each latent is changed by those before it, in the order row, column, channel.
 *
 * <pre>
 * [m, s] = conv 5 (swish(conv 5 (z) + conv 1 (c)))     both convolutions of z masked; c what the decoder and the encoder know
 * σ  = sigmoid(s + 2)
 * z' = σ z + (1 - σ) m                                  ln |det ∂z' / ∂z| = Σ ln σ
 * </pre>
 */
final class AutoregressiveFlow {

    private static final int KERNEL = 5;
    private static final int WIDTH = 4;
    /** At first z passes nearly as it is. */
    private static final float OPEN = 2;

    private final int latents;
    private final boolean reversed;
    private final MaskedConvolution first;
    private final Convolution context;
    private final MaskedConvolution second;

    /**
     * @param latents  channels of z
     * @param channels of the context
     * @param reversed whether the order runs from the last to the first, so that two flows let every latent see every other
     */
    AutoregressiveFlow(Layers layers, int latents, int channels, boolean reversed) {
        this.latents = latents;
        this.reversed = reversed;
        first = new MaskedConvolution(layers.in("first"), latents, WIDTH * latents, latents, KERNEL, true);
        context = Convolution.one(layers.in("context"), channels, WIDTH * latents);
        second = new MaskedConvolution(layers.in("second"), WIDTH * latents, 2 * latents, latents, KERNEL, false);
    }

    /**
     * @param z              (batch, latents, height, width)
     * @param logDeterminant (batch), in nats
     */
    record Moved(NDArray z, NDArray logDeterminant) {}

    /** @param c (batch, channels, height, width) */
    Moved apply(NDArray z, NDArray c, boolean training) {
        NDArray before = reversed ? z.flip(1, 2, 3) : z;
        NDArray known = reversed ? c.flip(2, 3) : c;
        NDArray hidden = TorchOps.swish(first.apply(before, training).add(context.apply(known, training)));
        NDArray both = second.apply(hidden, training);
        NDArray logSigma = logSigmoid(both.get(":, " + latents + ":").add(OPEN));
        NDArray sigma = logSigma.exp();
        NDArray after = before.mul(sigma).add(both.get(":, :" + latents).mul(sigma.neg().add(1)));
        NDArray sum = logSigma.reshape(z.getShape().get(0), -1).sum(new int[] {1});
        return new Moved(reversed ? after.flip(1, 2, 3) : after, sum);
    }

    private static NDArray logSigmoid(NDArray x) {
        return Activation.softPlus(x.neg()).neg();
    }
}
