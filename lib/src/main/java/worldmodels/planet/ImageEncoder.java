package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import java.util.ArrayList;
import java.util.List;
import worldmodels.nn.Layers;
import worldmodels.nn.Parameters;

/**
 * Pictures to features: the convolutions of Ha and Schmidhuber 2018, which PlaNet takes over. With c = 32 channels
 *
 * <pre>  64x64x3 -conv 4, /2-> 31x31xc -> 14x14x2c -> 6x6x4c -> 2x2x8c = 32c </pre>
 *
 * relu after each; the features go into the dynamics as they are.
 */
final class ImageEncoder {

    private final List<Layers.Convolution> convolutions = new ArrayList<>();
    private final int embedding;

    ImageEncoder(Parameters parameters, int channels, long seed) {
        Layers layers = new Layers(parameters, seed).in("encoder");
        int in = 3;
        for (int layer = 1; layer <= 4; layer++) {
            int out = channels << layer - 1;
            convolutions.add(layers.convolution("conv" + layer, in, out, 4, 2));
            in = out;
        }
        this.embedding = embedding(channels);
    }

    static int embedding(int channels) {
        return 32 * channels;
    }

    /** @param pixels (rows, 3, 64, 64), centred; @return (rows, embedding) */
    NDArray encode(NDArray pixels) {
        NDArray h = pixels;
        for (Layers.Convolution convolution : convolutions) {
            h = Activation.relu(convolution.apply(h));
        }
        return h.reshape(-1, embedding);
    }
}
