package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import java.nio.file.Path;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Initialisers;
import worldmodels.nn.Parameters;
import worldmodels.nn.Seeds;
import worldmodels.nn.TorchOps;

/**
 * The convolutional variational autoencoder of Ha and Schmidhuber 2018 (appendix, "Variational Autoencoder"; widths as in their code).
 *
 * <pre>
 * encoder   64x64x3 -conv 4, /2-> 31x31x32 -> 14x14x64 -> 6x6x128 -> 2x2x256 = 1024 -> mean, log variance
 * decoder   z -> 1024 = 1x1x1024 -deconv 5, /2-> 5x5x128 -5-> 13x13x64 -6-> 30x30x32 -6-> 64x64x3
 * </pre>
 *
 * Strides of 2 without padding; relu after each convolution, a sigmoid after the last, none after the dense layers. With 32 latents
 * 4,348,547 parameters.
 */
public final class ConvVae implements VisionModel {

    /** Height and width of a picture. */
    public static final int SIZE = 64;
    /** Bytes of one uint8 picture. */
    public static final int FRAME_BYTES = SIZE * SIZE * 3;
    /** The kind of its checkpoints. */
    static final String KIND = "ConvVae";
    private static final int STRIDE = 2;
    static final int FEATURES = 1024;
    /** Keeps σ² finite whatever the network says; no trained network comes near. */
    static final float LOG_VARIANCE_BOUND = 30;

    private final int latentSize;
    private final Parameters parameters;

    /**
     * A network with the authors' first weights: Glorot even, biases zero.
     *
     * @param seed of the weights
     */
    public ConvVae(NDManager parent, int latentSize, long seed) {
        this.latentSize = latentSize;
        this.parameters = new Parameters(parent);
        convolution("enc_conv1", 3, 32, 4, seed);
        convolution("enc_conv2", 32, 64, 4, seed);
        convolution("enc_conv3", 64, 128, 4, seed);
        convolution("enc_conv4", 128, 256, 4, seed);
        dense("enc_fc_mu", FEATURES, latentSize, seed);
        dense("enc_fc_log_var", FEATURES, latentSize, seed);
        dense("dec_fc", latentSize, FEATURES, seed);
        deconvolution("dec_deconv1", FEATURES, 128, 5, seed);
        deconvolution("dec_deconv2", 128, 64, 5, seed);
        deconvolution("dec_deconv3", 64, 32, 6, seed);
        deconvolution("dec_deconv4", 32, 3, 6, seed);
    }

    /**
     * @param checkpoint as {@link #save} or a training writes it
     * @throws worldmodels.run.KitException if the file is missing, damaged, or another model's
     */
    public static ConvVae load(NDManager parent, Path checkpoint) {
        return of(parent, Checkpoint.read(checkpoint, KIND));
    }

    static ConvVae of(NDManager parent, Checkpoint read) {
        ConvVae vae = new ConvVae(parent, (int) read.number("latentSize"), 0);
        read.copyInto(vae.parameters);
        return vae;
    }

    @Override
    public int latentSize() {
        return latentSize;
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    @Override
    public Posterior encode(NDArray frames) {
        return encodePlanes(planes(frames));
    }

    @Override
    public FrameEncoder encoder() {
        return new ConvVaeEncoder(this);
    }

    @Override
    public NDArray decode(NDArray z) {
        return decodePlanes(z).transpose(0, 2, 3, 1);
    }

    /**
     * One training example's loss, averaged over the batch: squared error summed over pixels and colours, plus the divergence of the
     * posterior from N(0, 1), which costs nothing below {@code freeNats} per latent: {@code max(KL, freeNats · latent)} picture by picture,
     * as in the authors' code.
     *
     * @param frames uint8 (batch, 64, 64, 3)
     * @param noise  ε of the posterior's sample, (batch, latent)
     */
    public Loss loss(NDArray frames, NDArray noise, float freeNats) {
        NDArray x = planes(frames);
        Posterior posterior = encodePlanes(x);
        NDArray y = decodePlanes(posterior.sample(noise));
        NDArray reconstruction = TorchOps.times(y.sub(x).square().sum(), 1.0 / frames.getShape().get(0));
        NDArray divergence = TorchOps.atLeast(posterior.divergence(), freeNats * latentSize).mean();
        return new Loss(reconstruction.add(divergence), reconstruction, divergence);
    }

    /** Scalars: {@code total = reconstruction + divergence}. */
    public record Loss(NDArray total, NDArray reconstruction, NDArray divergence) {}

    /** @return float32 (batch, 3, 64, 64) in [0, 1]; its memory stays in the pictures' order, in which convolutions are faster */
    private static NDArray planes(NDArray frames) {
        return frames.transpose(0, 3, 1, 2).toType(DataType.FLOAT32, false).divi(255);
    }

    private Posterior encodePlanes(NDArray x) {
        NDArray h = x;
        for (int layer = 1; layer <= 4; layer++) {
            h = Activation.relu(convolve(h, "enc_conv" + layer));
        }
        h = h.reshape(-1, FEATURES);
        return new Posterior(linear(h, "enc_fc_mu"), linear(h, "enc_fc_log_var").clip(-LOG_VARIANCE_BOUND, LOG_VARIANCE_BOUND));
    }

    private NDArray decodePlanes(NDArray z) {
        NDArray h = linear(z, "dec_fc").reshape(-1, FEATURES, 1, 1);
        for (int layer = 1; layer <= 3; layer++) {
            h = Activation.relu(deconvolve(h, "dec_deconv" + layer));
        }
        return Activation.sigmoid(deconvolve(h, "dec_deconv4"));
    }

    private NDArray convolve(NDArray x, String layer) {
        return Conv2d.conv2d(x, weight(layer), bias(layer), new Shape(STRIDE, STRIDE)).singletonOrThrow();
    }

    private NDArray deconvolve(NDArray x, String layer) {
        return TorchOps.convTranspose2d(x, weight(layer), bias(layer));
    }

    private NDArray linear(NDArray x, String layer) {
        return Linear.linear(x, weight(layer), bias(layer)).singletonOrThrow();
    }

    private NDArray weight(String layer) {
        return parameters.array(layer + ".weight");
    }

    private NDArray bias(String layer) {
        return parameters.array(layer + ".bias");
    }

    private void convolution(String layer, int in, int out, int kernel, long seed) {
        add(layer, new Shape(out, in, kernel, kernel), in * kernel * kernel, out * kernel * kernel, out, seed);
    }

    private void deconvolution(String layer, int in, int out, int kernel, long seed) {
        add(layer, new Shape(in, out, kernel, kernel), in * kernel * kernel, out * kernel * kernel, out, seed);
    }

    private void dense(String layer, int in, int out, long seed) {
        add(layer, new Shape(out, in), in, out, out, seed);
    }

    private void add(String layer, Shape shape, long fanIn, long fanOut, int out, long seed) {
        NDManager manager = parameters.manager();
        String weight = layer + ".weight";
        parameters.add(weight, Initialisers.glorotUniform(manager, shape, fanIn, fanOut, Seeds.named(seed, weight)));
        parameters.add(layer + ".bias", Initialisers.zeros(manager, out));
    }
}
