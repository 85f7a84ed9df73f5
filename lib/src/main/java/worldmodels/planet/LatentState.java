package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import worldmodels.nn.Normal;

/**
 * Where a model thinks the world is, row by row.
 *
 * @param belief       h, (rows, belief); null where the dynamics have no deterministic part
 * @param distribution of s
 * @param sample       s, (rows, state)
 */
public record LatentState(NDArray belief, Normal distribution, NDArray sample) {

    /** What decoder and reward see: [h s] (rows, belief + state), or s alone. */
    public NDArray features() {
        return belief == null ? sample : NDArrays.concat(new NDList(belief, sample), 1);
    }

    /** Hands h and s over to a manager. */
    void attach(NDManager owner) {
        if (belief != null) {
            belief.attach(owner);
        }
        sample.attach(owner);
    }
}
