package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import worldmodels.nn.Gradients;
import worldmodels.nn.Normal;

/**
 * The control from below: the {@link ConvVae}'s encoder as it was initialised, and nothing learned. Its z is brought to mean 0 and variance 1 over one
 * batch of frames (data-dependent initialisation, Salimans and Kingma 2016), since untrained layers say numbers of hundredths, around which neither
 * M nor C would see anything move. z is a point: the posterior's deviation is next to nothing.
 */
final class RandomEncoder implements FixedEncoder {

    private static final String WEIGHT = "enc_fc_mu.weight";
    private static final String BIAS = "enc_fc_mu.bias";
    private static final float LEAST_DEVIATION = 1e-6f;

    private final ConvVae networks;

    RandomEncoder(NDManager parent, int latentSize, long seed) {
        networks = new ConvVae(parent, latentSize, 0, CHANNELS, seed);
        try (NDManager scratch = parent.newSubManager()) {
            parameters().set("enc_fc_log_var.weight", scratch.zeros(new Shape(latentSize, ConvVae.FEATURES)));
            parameters().set("enc_fc_log_var.bias", scratch.full(new Shape(latentSize), -ConvVae.LOG_VARIANCE_BOUND));
        }
    }

    @Override
    public ConvVae networks() {
        return networks;
    }

    @Override
    public void prepare(NDArray frames) {
        try (NDManager scratch = frames.getManager().newSubManager(); Gradients.Pause pause = Gradients.pause()) {
            parameters().lendTo(scratch);
            NDArray z = networks.encode(frames).mean();
            NDArray mean = z.mean(new int[] {0});
            NDArray deviation = z.sub(mean).square().mean(new int[] {0}).sqrt().add(LEAST_DEVIATION);
            NDArray weight = parameters().array(WEIGHT).div(deviation.reshape(-1, 1));
            NDArray bias = parameters().array(BIAS).sub(mean).div(deviation);
            parameters().set(WEIGHT, weight);
            parameters().set(BIAS, bias);
        }
    }

    @Override
    public Normal encode(NDArray frames) {
        return networks.encode(frames);
    }

    @Override
    public FrameEncoder encoder() {
        return networks.encoder();
    }
}
