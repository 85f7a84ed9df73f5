package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import java.util.List;
import worldmodels.nn.Layers;
import worldmodels.nn.Parameters;

/**
 * Features to pictures, p(o | h, s) = N(decoded, 1): the transposed convolutions of Ha and Schmidhuber 2018. With c = 32 channels
 *
 * <pre>  [h s] -dense-> 32c = 1x1x32c -deconv 5, /2-> 5x5x4c -5-> 13x13x2c -6-> 30x30xc -6-> 64x64x3 </pre>
 *
 * relu after the first three; the last is linear, as pixels are centred on 0.
 */
final class ImageDecoder {

    private final Layers.Dense dense;
    private final List<Layers.Deconvolution> deconvolutions;
    private final int width;

    ImageDecoder(Parameters parameters, int features, int channels, long seed) {
        Layers layers = new Layers(parameters, seed).in("decoder");
        this.width = ImageEncoder.embedding(channels);
        this.dense = layers.dense("dense", features, width);
        this.deconvolutions = List.of(layers.deconvolution("deconv1", width, 4 * channels, 5),
                layers.deconvolution("deconv2", 4 * channels, 2 * channels, 5),
                layers.deconvolution("deconv3", 2 * channels, channels, 6),
                layers.deconvolution("deconv4", channels, 3, 6));
    }

    /** @param features (rows, features); @return (rows, 3, 64, 64), centred */
    NDArray decode(NDArray features) {
        NDArray h = dense.apply(features).reshape(-1, width, 1, 1);
        for (Layers.Deconvolution deconvolution : deconvolutions.subList(0, 3)) {
            h = Activation.relu(deconvolution.apply(h));
        }
        return deconvolutions.getLast().apply(h);
    }
}
