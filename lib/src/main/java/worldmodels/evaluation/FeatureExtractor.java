package worldmodels.evaluation;

import ai.djl.ndarray.NDArray;

/** What a Fréchet distance compares pictures by. */
public interface FeatureExtractor extends AutoCloseable {

    /** What the features are, as a table says it; two extractors of one name give the same features. */
    String name();

    /**
     * @param pictures uint8 (batch, height, width, 3)
     * @return float32 (batch, features), attached to the pictures' manager
     */
    NDArray features(NDArray pictures);

    @Override
    void close();
}
