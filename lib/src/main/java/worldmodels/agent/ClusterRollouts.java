package worldmodels.agent;

import ai.djl.ndarray.NDManager;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeResult;
import worldmodels.dream.Beginnings;
import worldmodels.dream.DreamSettings;
import worldmodels.env.EnvironmentMaker;
import worldmodels.env.Space;
import worldmodels.nn.Compute;
import worldmodels.run.Cluster;
import worldmodels.run.Progress;

/**
 * A population's episodes on a cluster. V, M and the environment are sent once, then a generation's candidates in shares, each of which a worker plays side by
 * side. An episode depends on its seed and its candidate alone, so where it was played does not show in the results, and neither does how often.
 */
public final class ClusterRollouts implements Rollouts {

    /**
     * Shares for each core: a core that has drawn short episodes takes another share while the longest are still played. More would make the batches
     * of V and M smaller, and bring each candidate's parameters to more workers.
     */
    private static final int SHARES_PER_CORE = 3;
    /** Episodes side by side on one core: as many as make V's and M's batches worth while. */
    private static final int LANES = 16;
    /** Fewer episodes side by side are not worth a message, unless a core would have nothing to do. */
    private static final int LEAST = 4;

    /** What is played with, sent once. */
    @FunctionalInterface
    public interface Play extends Cluster.Work<Share, Played> {

        /**
         * For one core.
         *
         * @param manager whatever is made for the tensor engine belongs to it
         */
        Rollouts open(NDManager manager);

        @Override
        default Cluster.Worker<Share, Played> open() {
            Compute.useThreads(1);
            NDManager manager = Compute.newManager();
            return new Player(open(manager), manager);
        }
    }

    /** Some episodes, and the candidates that they are played with: a job's candidate is an index into these. */
    public record Share(double[][] candidates, ArrayList<EpisodeJob> jobs) implements Serializable {}

    /** How they went, in the jobs' order; the jobs are known to who asked. */
    public record Played(double[] returns, int[] lengths, boolean[] terminated, boolean[] truncated) implements Serializable {

        static Played of(EpisodeResult[] results) {
            Played played = new Played(new double[results.length], new int[results.length], new boolean[results.length], new boolean[results.length]);
            for (int i = 0; i < results.length; i++) {
                played.returns[i] = results[i].episodeReturn();
                played.lengths[i] = results[i].length();
                played.terminated[i] = results[i].terminated();
                played.truncated[i] = results[i].truncated();
            }
            return played;
        }

        EpisodeResult result(EpisodeJob job, int i) {
            return new EpisodeResult(job, returns[i], lengths[i], terminated[i], truncated[i]);
        }
    }

    private record Player(Rollouts rollouts, NDManager manager) implements Cluster.Worker<Share, Played> {

        @Override
        public Played apply(Share share) {
            return Played.of(rollouts.play(share.candidates, share.jobs, Progress.NONE));
        }

        @Override
        public void close() {
            rollouts.close();
            manager.close();
        }
    }

    /** An agent's candidates in real environments. */
    public static Play driving(Agent agent, EnvironmentMaker maker) {
        return new Drives(SentAgent.of(agent), LANES, maker);
    }

    /** An agent's candidates in dreams of its M. */
    public static Play dreaming(Agent agent, DreamSettings dream, Beginnings beginnings, Space actions) {
        return new Dreams(SentAgent.of(agent), LANES, dream, beginnings, actions);
    }

    private final Cluster.Workers<Share, Played> workers;

    public ClusterRollouts(Cluster cluster, Play play) {
        this.workers = cluster.workers(play);
    }

    @Override
    public EpisodeResult[] play(double[][] population, List<EpisodeJob> jobs, Progress progress) {
        // Candidate by candidate, so that the parameters of one go to as few workers as may be.
        int[] order = IntStream.range(0, jobs.size()).boxed().sorted(Comparator.comparingInt(i -> jobs.get(i).candidate())).mapToInt(i -> i).toArray();
        int[] bounds = bounds(jobs.size(), workers.cores());
        int count = bounds.length - 1;
        ArrayList<Share> shares = new ArrayList<>(count);
        for (int k = 0; k < count; k++) {
            shares.add(share(population, jobs, order, bounds[k], bounds[k + 1]));
        }
        progress.start("Playing episodes", jobs.size(), "episodes");
        EpisodeResult[] results = new EpisodeResult[jobs.size()];
        long[] done = {0};
        workers.each(shares, (played, k) -> {
            for (int i = bounds[k]; i < bounds[k + 1]; i++) {
                results[order[i]] = played.result(jobs.get(order[i]), i - bounds[k]);
            }
            done[0] += bounds[k + 1] - bounds[k];
            progress.at(done[0], "");
        });
        progress.done("");
        return results;
    }

    /**
     * How episodes are cut into shares.
     *
     * @return where each share begins, and the end of the last
     */
    public static int[] bounds(int episodes, int cores) {
        int most = Math.clamp(Math.max(episodes / LEAST, Math.min(cores, episodes)), 1, SHARES_PER_CORE * cores);
        // A few shares more than the cores can begin with would double the time of all.
        int count = most > cores ? most / cores * cores : most;
        return IntStream.rangeClosed(0, count).map(k -> (int) ((long) k * episodes / count)).toArray();
    }

    private static Share share(double[][] population, List<EpisodeJob> jobs, int[] order, int from, int to) {
        List<double[]> candidates = new ArrayList<>();
        ArrayList<EpisodeJob> some = new ArrayList<>(to - from);
        int last = -1;
        for (int i = from; i < to; i++) {
            EpisodeJob job = jobs.get(order[i]);
            if (job.candidate() != last) {
                last = job.candidate();
                candidates.add(population[last]);
            }
            some.add(new EpisodeJob(candidates.size() - 1, job.seed()));
        }
        return new Share(candidates.toArray(double[][]::new), some);
    }

    /** Bytes over the network so far. */
    public Cluster.Traffic traffic() {
        return workers.traffic();
    }

    @Override
    public void close() {
        workers.close();
    }
}
