package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.util.ArrayList;
import java.util.List;
import worldmodels.nn.Layers;
import worldmodels.nn.Noise;
import worldmodels.nn.NormalisationOps;
import worldmodels.nn.Parameters;
import worldmodels.nn.Seeds;

/**
 * The network that tells frames from decoded pictures, and whose third layer measures how alike two pictures are.
 *
 * <pre>
 * 64x64x3 -conv 4, /2-> 31x31xC -> 14x14x2C -> 6x6x4C = features -> 2x2x8C -> dense 1 = ln(odds that it is a frame)
 * </pre>
 *
 * Leaky relu after each convolution. Each weight is divided by its greatest singular value (Miyato et al. 2018), so that no layer stretches what
 * goes through it without bound; the singular vectors are kept with the weights.
 */
public final class Discriminator implements AutoCloseable {

    private static final int LAYERS = 4;
    private static final int KERNEL = 4;
    private static final int STRIDE = 2;
    private static final float LEAK = 0.2f;
    /** The layer whose outputs are the features, counted from 1. */
    private static final int FEATURE_LAYER = 3;
    private static final int LAST_SIDE = 2;

    private final Parameters parameters;
    private final List<Layers.Convolution> convolutions = new ArrayList<>();
    private final List<NDArray> vectors = new ArrayList<>();
    private final Layers.Dense verdict;
    private final NDArray verdictVector;

    /** @param channels C of the first layer */
    public Discriminator(NDManager parent, int channels, long seed) {
        parameters = new Parameters(parent);
        Layers layers = new Layers(parameters, seed).in("discriminator");
        int in = 3;
        int out = channels;
        for (int layer = 1; layer <= LAYERS; layer++) {
            convolutions.add(layers.convolution("conv" + layer, in, out, KERNEL, STRIDE));
            vectors.add(vector(layers, "conv" + layer + ".vector", (long) in * KERNEL * KERNEL));
            in = out;
            out *= 2;
        }
        long inputs = (long) in * LAST_SIDE * LAST_SIDE;
        verdict = layers.dense("verdict", inputs, 1);
        verdictVector = vector(layers, "verdict.vector", inputs);
    }

    private NDArray vector(Layers layers, String name, long size) {
        return layers.kept(name, Noise.normal(parameters.manager(), new Shape(size), Seeds.named(layers.seed(), name)));
    }

    public Parameters parameters() {
        return parameters;
    }

    /** The present weights, normalised; each call brings the singular vectors nearer. */
    public Weights weights(NDManager step) {
        parameters.lendTo(step);
        List<Layers.Convolution> normalised = new ArrayList<>();
        for (int i = 0; i < LAYERS; i++) {
            Layers.Convolution layer = convolutions.get(i);
            normalised.add(new Layers.Convolution(NormalisationOps.spectrallyNormalised(layer.weight(), vectors.get(i)), layer.bias(), STRIDE));
        }
        return new Weights(normalised, new Layers.Dense(NormalisationOps.spectrallyNormalised(verdict.weight(), verdictVector), verdict.bias()));
    }

    /** The network of one step. */
    public record Weights(List<Layers.Convolution> convolutions, Layers.Dense verdict) {

        /** As constants: a gradient passes through to the picture, and none to the weights. */
        Weights frozen() {
            return new Weights(convolutions.stream().map(c -> new Layers.Convolution(c.weight().stopGradient(), c.bias().stopGradient(), c.stride())).toList(),
                    new Layers.Dense(verdict.weight().stopGradient(), verdict.bias().stopGradient()));
        }

        /** @param pictures float32 (batch, 3, 64, 64) in [0, 1]; @return (batch, 4C, 6, 6) */
        public NDArray features(NDArray pictures) {
            return through(pictures, 0, FEATURE_LAYER);
        }

        /** @param features as {@link #features}; @return logits, (batch, 1), positive for a frame */
        public NDArray judge(NDArray features) {
            NDArray last = through(features, FEATURE_LAYER, LAYERS);
            return verdict.apply(last.reshape(last.getShape().get(0), -1));
        }

        private NDArray through(NDArray x, int from, int to) {
            NDArray h = x;
            for (Layers.Convolution layer : convolutions.subList(from, to)) {
                h = Activation.leakyRelu(layer.apply(h), LEAK);
            }
            return h;
        }
    }

    @Override
    public void close() {
        parameters.close();
    }
}
