package worldmodels.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import worldmodels.nn.Gradients;
import worldmodels.nn.Initialiser;
import worldmodels.nn.Layers;
import worldmodels.nn.Noise;
import worldmodels.nn.Normal;
import worldmodels.nn.Parameters;
import worldmodels.nn.Seeds;
import worldmodels.nn.TorchOps;
import worldmodels.run.KitException;
import worldmodels.vision.nvae.Decoder;
import worldmodels.vision.nvae.DiscretisedLogistics;
import worldmodels.vision.nvae.Encoder;
import worldmodels.vision.nvae.NvaeShape;

/**
 * NVAE (Vahdat and Kautz 2020) as a vision model: a hierarchy of latents of which the top group is a flat vector. That vector is the z that M
 * predicts and C sees; the groups below refine the picture, and are filled in from their priors where only z is known. The sources never say how
 * NVAE's grids become a vector of 64 numbers (or 8); this is the kit's answer.
 *
 * <p>In training, some pictures of each batch have their lower groups filled in from the priors ({@code seen} in {@link #loss}), so that z alone
 * has to carry the scene.
 */
public final class Nvae implements VisionModel {

    static final String KIND = "Nvae";
    /** Batches, and pictures in each, that are imagined to readjust batch normalisation. */
    private static final int READJUSTING_BATCHES = 40;
    private static final int READJUSTING_BATCH = 16;

    private final NvaeShape shape;
    private final Parameters parameters;
    private final Encoder encoder;
    private final Decoder decoder;

    /** @param seed of the first weights */
    public Nvae(NDManager parent, NvaeShape shape, long seed) {
        this.shape = shape;
        parameters = new Parameters(parent);
        Layers layers = new Layers(parameters, seed).with(Initialiser.KAIMING);
        encoder = new Encoder(layers.in("encoder"), shape);
        decoder = new Decoder(layers.in("decoder"), shape);
    }

    @Override
    public Map<String, String> settings() {
        return shape.settings();
    }

    @Override
    public int latentSize() {
        return shape.latentSize();
    }

    public NvaeShape shape() {
        return shape;
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    @Override
    public Normal encode(NDArray frames) {
        return encoder.encode(centred(planes(frames)), false).top();
    }

    @Override
    public NDArray decode(NDArray z) {
        return imagine(z, (group, sizes) -> null, 0);
    }

    /**
     * Pictures of which only the top vector is known.
     *
     * @param z           (batch, latentSize)
     * @param noise       of the groups below
     * @param temperature times the deviation of their priors
     * @return float32 (batch, 64, 64, 3) in [0, 1]
     */
    public NDArray imagine(NDArray z, Decoder.Noise noise, float temperature) {
        return picture(decoder.imagine(z, noise, temperature, false));
    }

    /** (batch, 64, 64, 3) in [0, 1] of what the decoder says. */
    private NDArray picture(NDArray said) {
        NDArray picture = shape.mixtures() == 0 ? Activation.sigmoid(said) : DiscretisedLogistics.of(said).mean().addi(1).divi(2);
        return picture.transpose(0, 2, 3, 1);
    }

    @Override
    public int levels() {
        return shape.groupSizes().length;
    }

    @Override
    public NDArray reconstruct(NDArray frames, int groups) {
        NDManager scope = frames.getManager();
        Encoder.Encoding above = encoder.encode(centred(planes(frames)), false);
        NDArray shown = scope.ones(new Shape(frames.getShape().get(0), 1, 1, 1));
        NDArray hidden = shown.zerosLike();
        Decoder.Decoding below = decoder.decode(above.top().mean(), above, (group, sizes) -> scope.zeros(new Shape(sizes)),
                group -> group < groups ? shown : hidden, false);
        return picture(below.said());
    }

    /** From a copy that is {@link #readjusted} to the temperature. */
    @Override
    public NDArray sample(NDArray z, float temperature, long seed) {
        NDManager scope = z.getManager();
        try (Nvae copy = readjusted(scope, temperature, READJUSTING_BATCHES, READJUSTING_BATCH, seed)) {
            return copy.imagine(z, (group, sizes) -> Noise.normal(scope, new Shape(sizes), seed + 1 + group), temperature);
        }
    }

    /**
     * A copy to sample from at this temperature: its batch normalisation has the statistics of what it imagines then, which differ from those of
     * the frames it learned from (Vahdat and Kautz 2020, section 4.2, "readjusting batch normalisation").
     *
     * @param temperature times the deviation of every prior, the top vector's too
     * @param batches     that are imagined for it; the paper has 500
     * @param size        of each
     */
    public Nvae readjusted(NDManager parent, float temperature, int batches, int size, long seed) {
        Nvae copy = new Nvae(parent, shape, 0);
        copy.parameters.named().keySet().forEach(name -> copy.parameters.set(name, parameters.array(name)));
        for (int batch = 0; batch < batches; batch++) {
            try (NDManager scope = parent.newSubManager(); Gradients.Pause pause = Gradients.pause()) {
                long own = Seeds.named(seed, "readjusting", batch);
                NDArray z = Noise.normal(scope, new Shape(size, shape.latentSize()), own).muli(temperature);
                copy.decoder.imagine(z, (group, sizes) -> Noise.normal(scope, new Shape(sizes), own + 1 + group), temperature, true);
            }
        }
        return copy;
    }

    /**
     * The terms of the loss, before they are weighed.
     *
     * @param reconstruction squared error summed over pixels and colours, or with mixtures -ln P of the picture, averaged over the batch
     * @param divergences    KL of the top vector, then of each group below it, in nats, averaged over the batch
     */
    public record Loss(NDArray reconstruction, List<NDArray> divergences) {}

    /**
     * One training pass.
     *
     * @param frames uint8 (batch, 64, 64, 3)
     * @param noise  ε of the top vector (batch, latentSize)
     * @param lower  ε of the groups below
     * @param seen   (batch, 1, 1, 1): 0 for pictures whose lower groups are filled in from the priors, else 1
     */
    public Loss loss(NDArray frames, NDArray noise, Decoder.Noise lower, NDArray seen, boolean training) {
        return loss(frames, noise, lower, group -> seen, training);
    }

    private Loss loss(NDArray frames, NDArray noise, Decoder.Noise lower, IntFunction<NDArray> seen, boolean training) {
        NDArray x = planes(frames);
        Encoder.Encoding above = encoder.encode(centred(x), training);
        NDArray z = above.top().sample(noise);
        Decoder.Decoding below = decoder.decode(z, above, lower, seen, training);
        NDArray reconstruction = shape.mixtures() == 0
                ? TorchOps.times(Activation.sigmoid(below.said()).sub(x).square().sum(), 1.0 / frames.getShape().get(0))
                : DiscretisedLogistics.of(below.said()).logLikelihood(centred(x)).mean().neg();
        NDArray top = above.top().divergence(Normal.standard(above.top().mean())).mean();
        List<NDArray> divergences = new ArrayList<>(List.of(top));
        below.divergences().forEach(divergence -> divergences.add(divergence.mean()));
        return new Loss(reconstruction, divergences);
    }

    @Override
    public Map<String, NDArray> walk(NDArray frames) {
        Map<String, NDArray> walk = new LinkedHashMap<>();
        BiConsumer<String, NDArray> see = (what, tensor) -> walk.put("step " + (walk.size() + 1) + ": " + what, tensor);
        see.accept("frames", frames);
        Encoder.Encoding above = encoder.encode(centred(planes(frames)), false);
        new TreeMap<>(above.at()).descendingMap().forEach((side, features) -> see.accept("encoder's cells at " + side + " x " + side, features));
        see.accept("mean of z", above.top().mean());
        NDArray shown = frames.getManager().ones(new Shape(frames.getShape().get(0), 1, 1, 1));
        Decoder.Decoding below = decoder.decode(above.top().mean(), above, (group, sizes) -> {
            NDArray noise = frames.getManager().zeros(new Shape(sizes));
            see.accept("latents of group " + (group + 1) + " below z", noise);
            return noise;
        }, group -> shown, false);
        see.accept("what the decoder says of each pixel", below.said());
        return walk;
    }

    @Override
    public int mixtures() {
        return shape.mixtures();
    }

    @Override
    public OptionalDouble bitsPerDimension(NDArray frames, int below, long seed) {
        NDManager scope = frames.getManager();
        long size = frames.getShape().get(0);
        NDArray shown = scope.ones(new Shape(size, 1, 1, 1));
        NDArray hidden = shown.zerosLike();
        Loss loss = loss(frames, Noise.normal(scope, new Shape(size, latentSize()), seed),
                (group, sizes) -> Noise.normal(scope, new Shape(sizes), seed + 1 + group), group -> group < below ? shown : hidden, false);
        return Bound.bits(this, new VisionLearner.Loss(loss.reconstruction(), loss.reconstruction(), loss.divergences()));
    }

    /** @return float32 (batch, 3, 64, 64) in [0, 1] */
    private static NDArray planes(NDArray frames) {
        Shape size = frames.getShape();
        if (size.dimension() != 4 || size.get(1) != NvaeShape.SIZE || size.get(2) != NvaeShape.SIZE) {
            throw new KitException("NVAE's hierarchy halves pictures of 64 x 64 pixels four times; it was given " + size
                    + ", so resize the frames first (WorldModelsFrame).");
        }
        return frames.transpose(0, 3, 1, 2).toType(DataType.FLOAT32, false).divi(255);
    }

    /** [0, 1] as [-1, 1]. */
    private static NDArray centred(NDArray x) {
        return TorchOps.times(x, 2).sub(1);
    }
}
