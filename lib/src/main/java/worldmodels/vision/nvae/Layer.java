package worldmodels.vision.nvae;

import ai.djl.ndarray.NDArray;

/** A piece of a network of pictures. */
@FunctionalInterface
public interface Layer {

    /**
     * @param x        (batch, channels, height, width)
     * @param training whether batch normalisation uses this batch's statistics and keeps them, or uses those it has kept
     */
    NDArray apply(NDArray x, boolean training);

    /** This layer and then another. */
    default Layer then(Layer next) {
        return (x, training) -> next.apply(apply(x, training), training);
    }
}
