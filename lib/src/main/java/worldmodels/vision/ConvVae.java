package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Activation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import worldmodels.nn.Layers;
import worldmodels.nn.Normal;
import worldmodels.nn.Parameters;
import worldmodels.nn.TorchOps;
import worldmodels.vision.nvae.DiscretisedLogistics;

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
    private static final int STRIDE = 2;
    static final int FEATURES = 1024;
    /** Of the decoder's last hidden layer; twice and four times as many in those before, 32 times in a row. */
    private static final int CHANNELS = 32;
    static final String MIXTURES = "mixtures";
    /** Keeps σ² finite whatever the network says; no trained network comes near. */
    static final float LOG_VARIANCE_BOUND = 30;

    /** Nobody looks at what comes out of a layer. */
    private static final BiConsumer<String, NDArray> UNSEEN = (what, tensor) -> { };

    private final int latentSize;
    private final int mixtures;
    private final int row;
    private final Parameters parameters;
    private final List<Layers.Convolution> convolutions;
    private final Layers.Dense mean;
    private final Layers.Dense logVariance;
    private final Layers.Dense dense;
    private final List<Layers.Deconvolution> deconvolutions;

    /**
     * A network with the authors' first weights: Glorot even, biases zero.
     *
     * @param seed of the weights
     */
    public ConvVae(NDManager parent, int latentSize, long seed) {
        this(parent, latentSize, 0, seed);
    }

    /** @param mixtures logistics that it says for each pixel in place of a picture; 0 for the authors' picture */
    ConvVae(NDManager parent, int latentSize, int mixtures, long seed) {
        this(parent, latentSize, mixtures, CHANNELS, seed);
    }

    /** @param channels of the decoder, 32 in the paper; the encoder has the same first weights whatever the decoder's are */
    ConvVae(NDManager parent, int latentSize, int mixtures, int channels, long seed) {
        this.latentSize = latentSize;
        this.mixtures = mixtures;
        this.row = 32 * channels;
        this.parameters = new Parameters(parent);
        Layers layers = new Layers(parameters, seed);
        convolutions = List.of(layers.convolution("enc_conv1", 3, 32, 4, STRIDE), layers.convolution("enc_conv2", 32, 64, 4, STRIDE),
                layers.convolution("enc_conv3", 64, 128, 4, STRIDE), layers.convolution("enc_conv4", 128, 256, 4, STRIDE));
        mean = layers.dense("enc_fc_mu", FEATURES, latentSize);
        logVariance = layers.dense("enc_fc_log_var", FEATURES, latentSize);
        dense = layers.dense("dec_fc", latentSize, row);
        deconvolutions = List.of(layers.deconvolution("dec_deconv1", row, 4 * channels, 5), layers.deconvolution("dec_deconv2", 4 * channels, 2 * channels, 5),
                layers.deconvolution("dec_deconv3", 2 * channels, channels, 6),
                layers.deconvolution("dec_deconv4", channels, mixtures == 0 ? 3 : DiscretisedLogistics.channels(mixtures), 6));
    }

    @Override
    public int latentSize() {
        return latentSize;
    }

    @Override
    public int mixtures() {
        return mixtures;
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>(VisionModel.super.settings());
        if (mixtures > 0) {
            settings.put(MIXTURES, "" + mixtures);
        }
        return settings;
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    @Override
    public Normal encode(NDArray frames) {
        return encodePlanes(planes(frames));
    }

    @Override
    public FrameEncoder encoder() {
        return new ConvVaeEncoder(this);
    }

    @Override
    public NDArray decode(NDArray z) {
        NDArray said = decodePlanes(z);
        NDArray picture = mixtures == 0 ? said : DiscretisedLogistics.of(said).mean().addi(1).divi(2);
        return picture.transpose(0, 2, 3, 1);
    }

    /** As every model's, with pictures as planes throughout. */
    @Override
    public VisionLearner.Loss loss(NDArray frames, NDArray noise, float freeNats) {
        NDArray x = planes(frames);
        Normal posterior = encodePlanes(x);
        NDArray y = decodePlanes(posterior.sample(noise));
        NDArray reconstruction = mixtures == 0 ? TorchOps.times(y.sub(x).square().sum(), 1.0 / frames.getShape().get(0))
                : DiscretisedLogistics.of(y).logLikelihood(TorchOps.times(x, 2).sub(1)).mean().neg();
        NDArray divergence = TorchOps.atLeast(posterior.divergence(), freeNats * latentSize).mean();
        return new VisionLearner.Loss(reconstruction.add(divergence), reconstruction, List.of(divergence));
    }

    /** @return float32 (batch, 3, 64, 64) in [0, 1]; its memory stays in the pictures' order, in which convolutions are faster */
    static NDArray planes(NDArray frames) {
        return frames.transpose(0, 3, 1, 2).toType(DataType.FLOAT32, false).divi(255);
    }

    Normal encodePlanes(NDArray x) {
        return encodePlanes(x, UNSEEN);
    }

    private Normal encodePlanes(NDArray x, BiConsumer<String, NDArray> see) {
        NDArray h = x;
        for (Layers.Convolution layer : convolutions) {
            h = Activation.relu(layer.apply(h));
            see.accept("convolution, relu", h);
        }
        h = h.reshape(-1, FEATURES);
        see.accept("in a row", h);
        return Normal.ofLogVariance(mean.apply(h), logVariance.apply(h).clip(-LOG_VARIANCE_BOUND, LOG_VARIANCE_BOUND));
    }

    NDArray decodePlanes(NDArray z) {
        return decodePlanes(z, UNSEEN);
    }

    private NDArray decodePlanes(NDArray z, BiConsumer<String, NDArray> see) {
        NDArray h = dense.apply(z).reshape(-1, row, 1, 1);
        see.accept("dense", h);
        for (Layers.Deconvolution layer : deconvolutions.subList(0, 3)) {
            h = Activation.relu(layer.apply(h));
            see.accept("transposed convolution, relu", h);
        }
        NDArray said = deconvolutions.getLast().apply(h);
        see.accept("transposed convolution", said);
        return mixtures == 0 ? Activation.sigmoid(said) : said;
    }

    @Override
    public Map<String, NDArray> walk(NDArray frames) {
        Map<String, NDArray> walk = new LinkedHashMap<>();
        BiConsumer<String, NDArray> see = (what, tensor) -> walk.put("step " + (walk.size() + 1) + ": " + what, tensor);
        see.accept("frames", frames);
        NDArray x = planes(frames);
        see.accept("as planes of colour in [0, 1]", x);
        Normal posterior = encodePlanes(x, see);
        see.accept("mean of z", posterior.mean());
        see.accept("log variance of z", posterior.logVariance());
        decodePlanes(posterior.mean(), see);
        return walk;
    }
}
