package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import java.util.List;
import worldmodels.nn.Parameters;
import worldmodels.nn.TorchOps;

/**
 * Features to pictures, p(o | h, s) = N(decoded, 1): the transposed convolutions of Ha and Schmidhuber 2018. With c = 32 channels
 *
 * <pre>  [h s] -dense-> 32c = 1x1x32c -deconv 5, /2-> 5x5x4c -5-> 13x13x2c -6-> 30x30xc -6-> 64x64x3 </pre>
 *
 * relu after the first three; the last is linear, as pixels are centred on 0.
 */
final class ImageDecoder {

    private final Weights.Dense dense;
    private final List<Weights.Kernel> layers;
    private final int width;

    ImageDecoder(Parameters parameters, int features, int channels, long seed) {
        Weights weights = new Weights(parameters, "decoder", seed);
        this.width = ImageEncoder.embedding(channels);
        this.dense = weights.dense("dense", features, width);
        this.layers = List.of(weights.deconvolution("deconv1", width, 4 * channels, 5),
                weights.deconvolution("deconv2", 4 * channels, 2 * channels, 5),
                weights.deconvolution("deconv3", 2 * channels, channels, 6),
                weights.deconvolution("deconv4", channels, 3, 6));
    }

    /** @param features (rows, features); @return (rows, 3, 64, 64), centred */
    NDArray decode(NDArray features) {
        NDArray h = dense.of(features).reshape(-1, width, 1, 1);
        for (int i = 0; i < layers.size(); i++) {
            h = TorchOps.convTranspose2d(h, layers.get(i).weight(), layers.get(i).bias());
            h = i < layers.size() - 1 ? Activation.relu(h) : h;
        }
        return h;
    }
}
