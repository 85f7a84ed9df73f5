package worldmodels.vision;

import ai.djl.ndarray.NDArray;

/** V: encodes pictures of 64 x 64 pixels to a posterior over z, and decodes z to a picture. */
public interface VisionModel extends AutoCloseable {

    /** How many numbers z has. */
    int latentSize();

    /** @param frames uint8 (batch, 64, 64, 3) */
    Posterior encode(NDArray frames);

    /**
     * @param z (batch, latent)
     * @return float32 (batch, 64, 64, 3) in [0, 1]
     */
    NDArray decode(NDArray z);

    /** An encoder to act with, for one thread; what the model learns later does not reach it. The caller closes it. */
    default FrameEncoder encoder() {
        return new TensorFrameEncoder(this);
    }

    @Override
    void close();
}
