package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import worldmodels.nn.Layers;

/**
 * A dense layer of two inputs: W x + V y + b. What y gives can be computed for all steps of a sequence at once, where x recurs.
 *
 * @param first  W, (out, size of x)
 * @param second V, (out, size of y)
 * @param bias   b, (out)
 */
record Junction(NDArray first, NDArray second, NDArray bias) {

    /**
     * @param layers makes {@code first}, {@code second} and {@code bias} by their names
     * @param joined whether W and V begin as one matrix of [x y]
     */
    static Junction of(Layers layers, String first, int x, String second, int y, int out, boolean joined) {
        return new Junction(layers.weight(first, new Shape(out, x), joined ? x + y : x, out), layers.weight(second, new Shape(out, y), joined ? x + y : y, out),
                layers.zeros("bias", out));
    }

    /** @return V y + b, (rows, out) */
    NDArray ofSecond(NDArray y) {
        return Linear.linear(y, second, bias).singletonOrThrow();
    }

    /** @param ofSecond what {@link #ofSecond} made of y; @return (rows, out) */
    NDArray apply(NDArray x, NDArray ofSecond) {
        return Linear.linear(x, first).singletonOrThrow().add(ofSecond);
    }
}
