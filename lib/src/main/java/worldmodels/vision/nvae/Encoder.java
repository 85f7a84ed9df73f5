package worldmodels.vision.nvae;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import worldmodels.nn.Layers;
import worldmodels.nn.Normal;

/**
 * The way up: from a picture to features at each scale and to the posterior of the top vector.
 *
 * <pre>
 * 64x64x3 -conv 4, /2-> 32x32xC cells -down-> 16x16x2C cells -down-> 8x8x4C cells -down-> 4x4x8C cells -> swish, dense -> mean, log deviation
 * </pre>
 */
public final class Encoder {

    private final NvaeShape shape;
    private final Layer stem;
    private final List<Layer> scales = new ArrayList<>();
    private final Layers.Dense top;

    public Encoder(Layers layers, NvaeShape shape) {
        this.shape = shape;
        stem = new Convolution(layers.in("stem"), 3, shape.channels(), 4, 2, 1);
        for (int side = NvaeShape.SIZE / 2; side >= NvaeShape.TOP_SIDE; side /= 2) {
            int channels = shape.channelsAt(side);
            Layer scale = side == NvaeShape.SIZE / 2 ? (x, training) -> x
                    : new FactorizedDown(layers.in("down" + side), channels / 2, channels);
            for (int i = 0; i < shape.encoderCells(); i++) {
                scale = scale.then(Cell.encoder(layers.in("cell" + side + "." + i), channels));
            }
            scales.add(scale);
        }
        long features = (long) shape.channelsAt(NvaeShape.TOP_SIDE) * NvaeShape.TOP_SIDE * NvaeShape.TOP_SIDE;
        top = layers.dense("top", features, 2L * shape.latentSize());
    }

    /**
     * A picture encoded.
     *
     * @param top the posterior of the top vector, (batch, latentSize)
     * @param at  features by their height and width, (batch, channels, side, side)
     */
    public record Encoding(Normal top, Map<Integer, NDArray> at) {}

    /** @param pictures float32 (batch, 3, 64, 64) in [-1, 1] */
    public Encoding encode(NDArray pictures, boolean training) {
        NDArray h = stem.apply(pictures, training);
        Map<Integer, NDArray> at = new HashMap<>();
        for (Layer scale : scales) {
            h = scale.apply(h, training);
            at.put((int) h.getShape().get(2), h);
        }
        NDArray flat = Cell.swish().apply(h, training).reshape(h.getShape().get(0), -1);
        NDArray both = top.apply(flat);
        int n = shape.latentSize();
        return new Encoding(Held.normal(both.get(":, :" + n), both.get(":, " + n + ":")), at);
    }
}
