package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import worldmodels.nn.Normal;

/**
 * What dynamics make of sequences that they watched. Rows are time-major: row {@code t * batch + b}.
 *
 * @param belief    h after each step, (time * batch, belief); null where there is none
 * @param prior     p(s_t | h_t), before the picture of step t was seen
 * @param posterior q(s_t | h_t, o_t), after
 * @param sample    drawn from the posterior, (time * batch, state)
 */
public record LatentSequence(NDArray belief, Normal prior, Normal posterior, NDArray sample) {

    /** What decoder and reward see, (time * batch, features). */
    public NDArray features() {
        return belief == null ? sample : NDArrays.concat(new NDList(belief, sample), 1);
    }
}
