package worldmodels.evolution;

import java.util.Arrays;
import worldmodels.run.Progress;

/**
 * Measures candidates by driving them: every candidate on every track. An implementation must be a function of its arguments, so that a
 * resumed search equals an uninterrupted one; it stops on interrupt by {@link worldmodels.run.StoppedException}.
 */
@FunctionalInterface
public interface Fitness extends AutoCloseable {

    /**
     * @param candidates (candidates, parameters)
     * @param tracks     the environment seeds; the same for all candidates (common random numbers)
     * @param progress   counts episodes
     */
    Returns evaluate(double[][] candidates, long[] tracks, Progress progress);

    @Override
    default void close() {}

    /**
     * What the candidates reached.
     *
     * @param scores the episodes' undiscounted returns (candidates, tracks); larger is better
     * @param steps  the episodes' environment steps (candidates, tracks)
     */
    record Returns(double[][] scores, int[][] steps) {

        /** Each candidate's mean over the tracks (candidates). */
        public double[] means() {
            return Arrays.stream(scores).mapToDouble(row -> Arrays.stream(row).sum() / row.length).toArray();
        }

        /** Environment steps in all. */
        public long totalSteps() {
            return Arrays.stream(steps).flatMapToInt(Arrays::stream).asLongStream().sum();
        }
    }
}
