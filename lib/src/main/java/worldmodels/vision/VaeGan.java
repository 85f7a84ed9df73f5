package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import worldmodels.nn.Normal;
import worldmodels.nn.Parameters;

/**
 * VAE-GAN (Larsen et al. 2016, "Autoencoding beyond pixels using a learned similarity metric") as a vision model. Its encoder and decoder are
 * the networks of {@link ConvVae}, weight for weight; what differs is what they are trained for, and a third network that only training has
 * ({@link VaeGanLearner}). So a comparison of the two is one of objectives alone.
 */
public final class VaeGan implements VisionModel {

    /** What the names of the encoder's parameters begin with, and of the decoder's. */
    static final String ENCODER = "enc_";
    static final String DECODER = "dec_";

    private final ConvVae networks;

    /** @param seed of the weights */
    public VaeGan(NDManager parent, int latentSize, long seed) {
        networks = new ConvVae(parent, latentSize, seed);
    }

    /** Encoder and decoder. */
    ConvVae networks() {
        return networks;
    }

    @Override
    public int latentSize() {
        return networks.latentSize();
    }

    @Override
    public Parameters parameters() {
        return networks.parameters();
    }

    @Override
    public Normal encode(NDArray frames) {
        return networks.encode(frames);
    }

    @Override
    public NDArray decode(NDArray z) {
        return networks.decode(z);
    }

    /** The ConvVAE's: what every V is measured by, not what this one is trained for. */
    @Override
    public VisionLearner.Loss loss(NDArray frames, NDArray noise, float freeNats) {
        return networks.loss(frames, noise, freeNats);
    }

    @Override
    public FrameEncoder encoder() {
        return networks.encoder();
    }
}
