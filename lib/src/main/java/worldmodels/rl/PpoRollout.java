package worldmodels.rl;

import java.util.stream.IntStream;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Seeds;
import worldmodels.nn.Terms;
import worldmodels.random.Pcg64;
import worldmodels.run.StoppedException;

/**
 * What an update of {@link Ppo} learns from: in all lanes, for a horizon, what was seen, drawn and paid (Schulman et al. 2017, algorithm 1, lines 2 to 4).
 * Arrays are (horizon, lanes) row-major and overwritten by the next {@link #collect}.
 */
final class PpoRollout {

    final Lanes lanes;
    final Sights sights;
    final int horizon;
    /** How many numbers an action has. */
    final int actions;
    private final ActionDistribution distribution;
    private final long seed;

    final double[] rewards;
    final boolean[] terminated;
    final boolean[] ended;
    /** x, (horizon, lanes, actions). */
    final float[] drawn;
    /** Rows of {@link #sights}: what was seen before each decision, and after it. */
    final int[] seen;
    final int[] next;

    PpoRollout(Lanes lanes, Sights sights, int horizon, int actions, ActionDistribution distribution, long seed) {
        this.lanes = lanes;
        this.sights = sights;
        this.horizon = horizon;
        this.actions = actions;
        this.distribution = distribution;
        this.seed = seed;
        int decisions = horizon * lanes.count();
        this.rewards = new double[decisions];
        this.terminated = new boolean[decisions];
        this.ended = new boolean[decisions];
        this.drawn = new float[decisions * actions];
        this.seen = new int[decisions];
        this.next = new int[decisions];
    }

    int decisions() {
        return rewards.length;
    }

    /**
     * Drives all lanes.
     *
     * @param step number of the update
     * @return the mean return of the episodes that ended
     * @throws StoppedException if the thread is interrupted; the lanes are then where they were before
     */
    Terms collect(PpoActor driver, long step) {
        sights.clear();
        Pcg64[] random = IntStream.range(0, lanes.count()).mapToObj(lane -> Pcg64.seeded(Seeds.named(seed, "ppo noise", step * lanes.count() + lane)))
                .toArray(Pcg64[]::new);
        float[] x = new float[actions];
        double[] chosen = new double[lanes.count() * actions];
        int[] row = new int[lanes.count()];
        double sum = 0;
        int episodes = 0;
        for (int lane = 0; lane < lanes.count(); lane++) {
            row[lane] = sights.add(lanes.observations(), lane);
        }
        for (int t = 0, i = 0; t < horizon; t++) {
            if (Thread.currentThread().isInterrupted()) {
                lanes.rewind();
                StoppedException.throwIfInterrupted(Ppo.KIND);
            }
            for (int lane = 0; lane < lanes.count(); lane++) {
                distribution.draw(driver.outputs(lanes.observations(), lane), random[lane], x);
                driver.act(x, chosen, lane * actions);
                System.arraycopy(x, 0, drawn, (i + lane) * actions, actions);
            }
            lanes.step(chosen);
            for (int lane = 0; lane < lanes.count(); lane++) {
                int at = i + lane;
                seen[at] = row[lane];
                rewards[at] = lanes.rewards[lane];
                terminated[at] = lanes.terminated[lane];
                ended[at] = lanes.ended(lane);
                next[at] = sights.add(lanes.observations(), lane);
                row[lane] = next[at];
                if (ended[at]) {
                    sum += lanes.sum(lane);
                    episodes++;
                }
            }
            lanes.beginEnded();
            for (int lane = 0; lane < lanes.count(); lane++, i++) {
                if (ended[i]) {
                    row[lane] = sights.add(lanes.observations(), lane);
                }
            }
        }
        return episodes == 0 ? Terms.NONE : Terms.of(Ppo.RETURN, sum / episodes);
    }

    /** Adds what was done. */
    void countIn(ActionHistograms histograms) {
        for (int i = 0; i < drawn.length; i++) {
            histograms.count(i % actions, distribution.toUnit(drawn[i]));
        }
    }

    /** What was collected is learned: the lanes go on from here, and observations are seen by these too. */
    void learned() {
        sights.learn();
        lanes.mark();
    }

    void save(Checkpoint.Draft draft) {
        sights.save(draft);
        lanes.save(draft);
    }

    void restore(Checkpoint found) {
        sights.restore(found);
        lanes.restore(found);
    }
}
