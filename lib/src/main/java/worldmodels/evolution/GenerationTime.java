package worldmodels.evolution;

import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import worldmodels.agent.ClusterRollouts;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

/**
 * How long a generation takes on a cluster, worked out from the lengths of its episodes. They are cut into shares as {@link ClusterRollouts} cuts them, a core
 * that is free takes the next share, and the generation is over when the last core is done:
 *
 * <pre>
 *   share       = round · longest episode + step · steps of all its episodes
 *   generation  = overhead + the time until all shares are done
 * </pre>
 *
 * <p>However many cores there are, a generation lasts at least as long as its longest episode, which is one step after the other.
 *
 * @param round    seconds of a step of all episodes side by side, however few there are
 * @param step     seconds for each of these episodes in it: environment, picture, V, M and C
 * @param overhead seconds of a generation beside the work: sending, waiting, CMA-ES
 */
public record GenerationTime(double round, double step, double overhead) {

    /**
     * What two measurements on one core tell.
     *
     * @param alone    steps a second with one episode at a time
     * @param together steps a second with many side by side
     * @param lanes    how many those were
     * @throws KitException if the measurements contradict each other
     */
    public static GenerationTime measured(double alone, double together, int lanes, double overhead) {
        double step = (lanes / together - 1 / alone) / (lanes - 1);
        double round = 1 / alone - step;
        if (!(step > 0) || lanes < 2) {
            throw new KitException("From " + alone + " steps a second alone and " + together + " with " + lanes
                    + " episodes side by side no time of a step follows; measure with several episodes, and longer.");
        }
        // Measured times scatter: where side by side is no faster, a round costs nothing.
        return round < 0 ? new GenerationTime(0, lanes / together / lanes, overhead) : new GenerationTime(round, step, overhead);
    }

    /**
     * Of one generation.
     *
     * @param lengths steps of the episodes, (candidates, tracks)
     * @param cores   of the cluster
     */
    public double seconds(int[][] lengths, int cores) {
        int[] all = Arrays.stream(lengths).flatMapToInt(Arrays::stream).toArray();
        int[] bounds = ClusterRollouts.bounds(all.length, cores);
        PriorityQueue<Double> free = new PriorityQueue<>(IntStream.range(0, cores).mapToObj(core -> 0.0).toList());
        double last = 0;
        for (int k = 1; k < bounds.length; k++) {
            double done = free.poll() + share(Arrays.copyOfRange(all, bounds[k - 1], bounds[k]));
            free.add(done);
            last = Math.max(last, done);
        }
        return overhead + last;
    }

    private double share(int[] lengths) {
        return round * Arrays.stream(lengths).max().orElse(0) + step * Arrays.stream(lengths).asLongStream().sum();
    }

    /** The share of the cores' time that is spent on steps which have to be taken: 1 where none ever waits. */
    public double efficiency(int[][] lengths, int cores) {
        return seconds(lengths, 1) / (cores * seconds(lengths, cores));
    }

    /**
     * Lengths of a generation of any size, drawn with replacement from measured ones.
     *
     * @param measured steps of episodes
     * @return (candidates, tracks)
     */
    public static int[][] drawn(int[] measured, int candidates, int tracks, long seed) {
        Pcg64 random = Pcg64.stream(seed, "episode lengths");
        int[][] lengths = new int[candidates][tracks];
        for (int[] row : lengths) {
            Arrays.setAll(row, track -> measured[(int) random.integers(measured.length)]);
        }
        return lengths;
    }
}
