package worldmodels.data;

import ai.djl.ndarray.NDManager;
import java.io.Serializable;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.EnvironmentMaker;
import worldmodels.env.ThreadedEnvironments;

/**
 * Who records episodes: an environment, and a policy that is made for it, here or on a machine that this is sent to.
 *
 * @param maker  makes one environment, which shows pixels
 * @param driver acts in them
 */
public record Crew(EnvironmentMaker maker, Driver driver) implements Serializable {

    /** Acts, and has to act by the episode's seed alone, whatever its lane. */
    @FunctionalInterface
    public interface Driver extends Serializable {

        /** @param manager whatever is made for the tensor engine belongs to it */
        Policy policy(BatchedEnvironment environments, NDManager manager);
    }

    /** Environments side by side; the caller closes them. */
    public BatchedEnvironment environments(int lanes, int threads) {
        return new ThreadedEnvironments(lanes, threads, maker);
    }
}
