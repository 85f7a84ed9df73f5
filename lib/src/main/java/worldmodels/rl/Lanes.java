package worldmodels.rl;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import worldmodels.env.BatchedEnvironment;
import worldmodels.nn.Checkpoint;

/**
 * Episodes side by side that never stop: a lane whose episode ends begins its next one. Episode n of lane i is number n lanes + i of all.
 *
 * <p>Environments cannot be saved in the middle of an episode, but episodes are their seeds and their actions: going back to a {@link #mark}, or on from a
 * checkpoint, takes the episodes' actions once more.
 */
final class Lanes implements AutoCloseable {

    private static final String EPISODES = Checkpoint.TRAINING + "episodes of the lanes";
    private static final String LENGTHS = Checkpoint.TRAINING + "steps of the episodes";
    private static final String ACTIONS = Checkpoint.TRAINING + "actions of the episodes";

    private final BatchedEnvironment environments;
    private final LongUnaryOperator seeds;
    private final int actions;
    private final boolean[] all;
    private final boolean[] fresh;
    private final long[] seed;
    private final ByteBuffer observations;

    /** Of each lane: episodes before this one, what has been done in this one, and what it has paid. */
    private final long[] episode;
    private final List<List<double[]>> done = new ArrayList<>();
    private final double[] sum;
    /** The same when {@link #mark} was called. */
    private long[] markedEpisode;
    private List<List<double[]>> markedDone;
    private boolean isElsewhere = true;

    final double[] rewards;
    final boolean[] terminated;
    final boolean[] truncated;

    /** @param seeds the environment seed of an episode by its number */
    Lanes(BatchedEnvironment environments, LongUnaryOperator seeds) {
        this.environments = environments;
        this.seeds = seeds;
        this.actions = environments.actionSpace().size();
        this.all = new boolean[environments.lanes()];
        Arrays.fill(all, true);
        this.fresh = new boolean[all.length];
        this.seed = new long[all.length];
        this.observations = environments.newObservations();
        this.episode = new long[all.length];
        this.sum = new double[all.length];
        all().forEach(lane -> done.add(new ArrayList<>()));
        this.rewards = new double[all.length];
        this.terminated = new boolean[all.length];
        this.truncated = new boolean[all.length];
        mark();
    }

    private IntStream all() {
        return IntStream.range(0, all.length);
    }

    int count() {
        return all.length;
    }

    /** What all lanes see now. */
    ByteBuffer observations() {
        if (isElsewhere) {
            replay();
        }
        return observations;
    }

    /** Remembers where the lanes are. */
    void mark() {
        markedEpisode = episode.clone();
        markedDone = done.stream().<List<double[]>>map(ArrayList::new).toList();
    }

    /** Back to the mark. */
    void rewind() {
        all().forEach(lane -> {
            episode[lane] = markedEpisode[lane];
            done.set(lane, new ArrayList<>(markedDone.get(lane)));
        });
        isElsewhere = true;
    }

    private void replay() {
        all().forEach(this::seed);
        environments.reset(all, seed, observations);
        Arrays.fill(sum, 0);
        int longest = done.stream().mapToInt(List::size).max().orElse(0);
        boolean[] active = new boolean[all.length];
        double[] again = new double[all.length * actions];
        for (int t = 0; t < longest; t++) {
            for (int lane = 0; lane < all.length; lane++) {
                active[lane] = t < done.get(lane).size();
                if (active[lane]) {
                    System.arraycopy(done.get(lane).get(t), 0, again, lane * actions, actions);
                }
            }
            environments.step(active, again, rewards, terminated, truncated, observations);
            for (int lane = 0; lane < all.length; lane++) {
                sum[lane] += active[lane] ? rewards[lane] : 0;
            }
        }
        isElsewhere = false;
    }

    private void seed(int lane) {
        seed[lane] = seeds.applyAsLong(episode[lane] * all.length + lane);
    }

    /** Takes a step in every lane; {@link #observations} then are those after it, an ended episode's last ones included. */
    void step(double[] chosen) {
        environments.step(all, chosen, rewards, terminated, truncated, observations);
        for (int lane = 0; lane < all.length; lane++) {
            done.get(lane).add(Arrays.copyOfRange(chosen, lane * actions, (lane + 1) * actions));
            sum[lane] += rewards[lane];
        }
    }

    boolean ended(int lane) {
        return terminated[lane] || truncated[lane];
    }

    /** The sum of the rewards of a lane's episode so far. */
    double sum(int lane) {
        return sum[lane];
    }

    /** Begins the next episode where one has ended. */
    void beginEnded() {
        boolean any = false;
        for (int lane = 0; lane < all.length; lane++) {
            fresh[lane] = ended(lane);
            if (fresh[lane]) {
                any = true;
                episode[lane]++;
                done.get(lane).clear();
                sum[lane] = 0;
                seed(lane);
            }
        }
        if (any) {
            environments.reset(fresh, seed, observations);
        }
    }

    /** Puts the mark. */
    void save(Checkpoint.Draft draft) {
        long[] lengths = markedDone.stream().mapToLong(List::size).toArray();
        double[] taken = markedDone.stream().flatMap(List::stream).flatMapToDouble(Arrays::stream).toArray();
        draft.put(EPISODES, markedEpisode).put(LENGTHS, lengths).put(ACTIONS, taken);
    }

    void restore(Checkpoint found) {
        System.arraycopy(found.longs(EPISODES), 0, episode, 0, all.length);
        long[] lengths = found.longs(LENGTHS);
        double[] taken = found.doubles(ACTIONS);
        int at = 0;
        for (int lane = 0; lane < all.length; lane++) {
            done.get(lane).clear();
            for (int t = 0; t < lengths[lane]; t++, at += actions) {
                done.get(lane).add(Arrays.copyOfRange(taken, at, at + actions));
            }
        }
        mark();
        isElsewhere = true;
    }

    @Override
    public void close() {
        environments.close();
    }
}
