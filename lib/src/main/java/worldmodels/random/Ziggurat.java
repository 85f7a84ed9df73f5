package worldmodels.random;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Normal draws by the ziggurat of Marsaglia and Tsang (2000) with 256 layers, as numpy arranges it: one 64-bit word gives the layer
 * (8 bits), the sign (1) and the position in the layer (52); 99 % of the draws need nothing more.
 *
 * <p>The right edges of the layers are read from a table rather than computed, because numpy's values carry the rounding of their own
 * computation and a draw is a multiple of its layer's edge.
 */
final class Ziggurat {

    private static final int LAYERS = 256;
    private static final double POSITION_UNIT = 0x1p-52;

    /** Where the tail begins: the right edge of the last layer. */
    private static final double TAIL = 3.6541528853610087963519472518;
    private static final double TAIL_INVERSE = 0.27366123732975827203338247596;

    /** Edge of each layer times 2^-52. Layer 0 is the base strip with the tail, as wide as a rectangle of its area. */
    private static final double[] WIDTH = new double[LAYERS];
    /** exp(-x^2/2) at each edge. */
    private static final double[] HEIGHT = new double[LAYERS];
    /** Positions below this lie under the curve for sure. */
    private static final long[] INSIDE = new long[LAYERS];

    static {
        double[] edge = edges();
        INSIDE[0] = Math.round(edge[LAYERS - 1] / edge[0] / POSITION_UNIT);
        WIDTH[0] = edge[0] * POSITION_UNIT;
        HEIGHT[0] = 1;
        for (int i = 1; i < LAYERS; i++) {
            double inner = i == 1 ? 0 : edge[i - 1];
            INSIDE[i] = Math.round(inner / edge[i] / POSITION_UNIT);
            WIDTH[i] = edge[i] * POSITION_UNIT;
            HEIGHT[i] = StrictMath.exp(-0.5 * edge[i] * edge[i]);
        }
    }

    private Ziggurat() {}

    static double normal(Pcg64 random) {
        while (true) {
            long word = random.nextLong();
            int layer = (int) (word & 0xff);
            boolean negative = (word >>> 8 & 1) != 0;
            long position = word >>> 9 & 0x000fffffffffffffL;
            double x = position * WIDTH[layer];
            if (position >= INSIDE[layer]) {
                if (layer == 0) {
                    return tail(random, (position >>> 8 & 1) != 0);
                }
                double y = (HEIGHT[layer - 1] - HEIGHT[layer]) * random.nextDouble() + HEIGHT[layer];
                if (y >= StrictMath.exp(-0.5 * x * x)) {
                    continue;
                }
            }
            return negative ? -x : x;
        }
    }

    /** Marsaglia's method for the tail. */
    private static double tail(Pcg64 random, boolean negative) {
        while (true) {
            double beyond = -TAIL_INVERSE * StrictMath.log1p(-random.nextDouble());
            double y = -StrictMath.log1p(-random.nextDouble());
            if (y + y > beyond * beyond) {
                return negative ? -(TAIL + beyond) : TAIL + beyond;
            }
        }
    }

    private static double[] edges() {
        try (InputStream in = Ziggurat.class.getResourceAsStream("ziggurat-edges.txt")) {
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return Arrays.stream(text.trim().split("\\s+")).mapToDouble(Double::parseDouble).toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
