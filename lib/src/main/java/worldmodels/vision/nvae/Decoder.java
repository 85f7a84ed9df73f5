package worldmodels.vision.nvae;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import worldmodels.nn.Layers;

/**
 * The way down: from the top vector, through the groups below it, to a picture.
 *
 * <pre>
 * z -> dense + learned h0 = 4x4x8C cells -up-> 8x8x4C cells, groups -up-> 16x16x2C cells, groups -up-> 32x32xC cells
 *   -up-> 64x64xC/2 -> swish, conv 3 -> what it says of each pixel
 * </pre>
 *
 * With a picture each group's z comes from its posterior; without one from its prior.
 */
public final class Decoder {

    private record Scale(Layer cells, List<LatentGroup> groups, List<Layer> after) {}

    private final Layers.Dense top;
    private final List<Scale> scales = new ArrayList<>();
    private final Layer end;
    private final int topChannels;

    public Decoder(Layers layers, NvaeShape shape) {
        topChannels = shape.channelsAt(NvaeShape.TOP_SIDE);
        long features = (long) topChannels * NvaeShape.TOP_SIDE * NvaeShape.TOP_SIDE;
        top = new Layers.Dense(layers.matrix("top.weight", shape.latentSize(), features), layers.zeros("top.h0", features));
        for (int side = NvaeShape.TOP_SIDE; side <= NvaeShape.SIZE / 2; side *= 2) {
            int channels = shape.channelsAt(side);
            Layer cells = side == NvaeShape.TOP_SIDE ? (x, training) -> x
                    : new BilinearUp(layers.in("up" + side), 2 * channels, channels);
            cells = cells.then(cells(layers.in("cells" + side), shape, channels));
            List<LatentGroup> groups = new ArrayList<>();
            List<Layer> after = new ArrayList<>();
            for (int i = 0; i < shape.groupsAt(side); i++) {
                groups.add(new LatentGroup(layers.in("group" + side + "." + i), channels, shape.groupLatents(), shape.flows()));
                after.add(cells(layers.in("after" + side + "." + i), shape, channels));
            }
            scales.add(new Scale(cells, groups, after));
        }
        int last = shape.channels() / 2;
        end = new BilinearUp(layers.in("up64"), shape.channels(), last).then(Cell.swish())
                .then(new Convolution(layers.in("picture"), last, shape.channelsOfPicture(), 3, 1, 1));
    }

    private static Layer cells(Layers layers, NvaeShape shape, int channels) {
        Layer cells = (x, training) -> x;
        for (int i = 0; i < shape.decoderCells(); i++) {
            Layers own = layers.in(String.valueOf(i));
            cells = cells.then(shape.pointwise() ? Cell.pointwise(own, channels, shape.expansion()) : Cell.decoder(own, channels, shape.expansion()));
        }
        return cells;
    }

    /** The noise of a group's latents. */
    @FunctionalInterface
    public interface Noise {

        /**
         * @param group counted from the top, 0 the first below the top vector
         * @return standard normal of this shape, or null for none
         */
        NDArray of(int group, long... shape);
    }

    /**
     * A picture decoded.
     *
     * @param said        of each pixel, (batch, 3, 64, 64), or (batch, 10 K, 64, 64) with K mixtures
     * @param divergences KL of each group below the top, each (batch)
     */
    public record Decoding(NDArray said, List<NDArray> divergences) {}

    /**
     * Reconstruction.
     *
     * @param z    the top vector, (batch, latentSize)
     * @param from the encoded picture
     * @param seen for each group, counted from the top as the noise is: (batch, 1, 1, 1), as {@link LatentGroup#posterior} has it
     */
    public Decoding decode(NDArray z, Encoder.Encoding from, Noise noise, IntFunction<NDArray> seen, boolean training) {
        List<NDArray> divergences = new ArrayList<>();
        NDArray h = top(z);
        int group = 0;
        for (Scale scale : scales) {
            h = scale.cells.apply(h, training);
            for (int i = 0; i < scale.groups.size(); i++) {
                LatentGroup latents = scale.groups.get(i);
                long side = h.getShape().get(2);
                NDArray epsilon = noise.of(group, h.getShape().get(0), latents.latents(), side, side);
                LatentGroup.Drawn after = latents.posterior(h, from.at().get((int) side), epsilon, seen.apply(group++), training);
                divergences.add(after.divergence());
                h = scale.after.get(i).apply(after.h(), training);
            }
        }
        return new Decoding(end.apply(h, training), divergences);
    }

    /**
     * What the decoder says of a picture whose top vector alone is known; the rest is filled in from the priors.
     *
     * @param temperature times the deviation of every prior below the top; matters only with noise
     * @param training    whether batch normalisation takes and keeps the statistics of what is imagined
     */
    public NDArray imagine(NDArray z, Noise noise, float temperature, boolean training) {
        NDArray h = top(z);
        int group = 0;
        for (Scale scale : scales) {
            h = scale.cells.apply(h, training);
            for (int i = 0; i < scale.groups.size(); i++) {
                LatentGroup latents = scale.groups.get(i);
                long side = h.getShape().get(2);
                h = latents.imagine(h, noise.of(group++, h.getShape().get(0), latents.latents(), side, side), temperature, training);
                h = scale.after.get(i).apply(h, training);
            }
        }
        return end.apply(h, training);
    }

    private NDArray top(NDArray z) {
        return top.apply(z).reshape(-1, topChannels, NvaeShape.TOP_SIDE, NvaeShape.TOP_SIDE);
    }
}
