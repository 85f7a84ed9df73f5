package worldmodels.env;

import java.io.Serializable;
import java.util.Arrays;

/**
 * A box: the element type, shape and bounds of an observation or action (Gymnasium's {@code Box}).
 *
 * @param type  element type
 * @param shape dimensions, row-major
 * @param low   lower bound of every element, or one bound for all
 * @param high  upper bound, likewise
 */
public record Space(Type type, int[] shape, double[] low, double[] high) implements Serializable {

    /** Element types that observations and actions come in. */
    public enum Type {
        UINT8(1), FLOAT32(4);

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }
    }

    /** RGB pixels (height, width, 3), 0 to 255. */
    public static Space pixels(int height, int width) {
        return new Space(Type.UINT8, new int[] {height, width, 3}, new double[] {0}, new double[] {255});
    }

    /** A vector with bounds per element. */
    public static Space vector(double[] low, double[] high) {
        return new Space(Type.FLOAT32, new int[] {low.length}, low, high);
    }

    /** Number of elements. */
    public int size() {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    /** Number of bytes of one observation. */
    public int bytes() {
        return size() * type.bytes;
    }

    /** Lower bound of element i. */
    public double low(int i) {
        return low.length == 1 ? low[0] : low[i];
    }

    /** Upper bound of element i. */
    public double high(int i) {
        return high.length == 1 ? high[0] : high[i];
    }
}
