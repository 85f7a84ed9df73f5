package worldmodels.study.cluster;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import worldmodels.agent.ClusterRollouts;
import worldmodels.agent.Rollouts;
import worldmodels.data.EpisodeResult;
import worldmodels.evolution.Fitness;
import worldmodels.evolution.RolloutFitness;
import worldmodels.run.Cluster;
import worldmodels.run.Progress;

/**
 * What a generation costs beside its episodes: a generation of the paper's size whose episodes take no time is cut, sent, scheduled, answered and put together.
 *
 * @param executors of the cluster
 * @param seconds   the median generation's
 * @param sent      bytes to all executors together, in a generation
 * @param received  bytes from them
 */
public record Overhead(int executors, double seconds, long sent, long received) {

    private static final int CANDIDATES = 64;
    private static final int TRACKS = 16;
    private static final int WARM = 3;

    /** Episodes that are over before they begin. */
    private record Instant() implements ClusterRollouts.Play {

        @Override
        public Rollouts open(NDManager manager) {
            return (population, jobs, progress) -> jobs.stream().map(job -> new EpisodeResult(job, job.seed(), 1, false, true)).toArray(EpisodeResult[]::new);
        }
    }

    /**
     * Measured.
     *
     * @param parameters  of a candidate
     * @param generations that the median is of
     */
    public static Overhead measured(Cluster cluster, int parameters, int generations, Progress progress) {
        double[][] candidates = new double[CANDIDATES][parameters];
        long[] tracks = new long[TRACKS];
        Arrays.setAll(tracks, i -> i);
        List<Double> seconds = new ArrayList<>();
        progress.start("Overhead of a generation", generations + WARM, "generations");
        ClusterRollouts rollouts = new ClusterRollouts(cluster, new Instant());
        try (Fitness fitness = new RolloutFitness(rollouts)) {
            Cluster.Traffic before = rollouts.traffic();
            for (int i = 0; i < generations + WARM; i++) {
                if (i == WARM) {
                    before = rollouts.traffic();
                    seconds.clear();
                }
                long start = System.nanoTime();
                fitness.evaluate(candidates, tracks, Progress.NONE);
                seconds.add((System.nanoTime() - start) / 1e9);
                progress.at(i + 1, "");
            }
            Cluster.Traffic after = rollouts.traffic();
            progress.done("");
            return new Overhead(cluster.executors().size(), seconds.stream().sorted().skip(generations / 2).findFirst().orElseThrow(),
                    (after.pieces() - before.pieces()) / generations, (after.results() - before.results()) / generations);
        }
    }
}
