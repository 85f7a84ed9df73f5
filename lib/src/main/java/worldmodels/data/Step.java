package worldmodels.data;

import java.nio.ByteBuffer;

/** One step of one lane, as a {@link StepListener} sees it. The object is used again for the lane's next step; copy what you keep. */
public final class Step {

    private final int lane;
    private final int bytes;
    private final double[] action;
    EpisodeJob job;
    int jobNumber;
    int time;
    ByteBuffer seen;
    ByteBuffer next;
    double reward;
    boolean terminated;
    boolean truncated;

    Step(int lane, int bytes, int actionSize) {
        this.lane = lane;
        this.bytes = bytes;
        this.action = new double[actionSize];
    }

    public int lane() {
        return lane;
    }

    public EpisodeJob job() {
        return job;
    }

    /** The job's place in the list that the engine was given. */
    public int jobNumber() {
        return jobNumber;
    }

    /** Steps of this episode before this one: 0 for the first. */
    public int time() {
        return time;
    }

    /** What was seen before the action: one observation from position to limit; null if neither policy nor listener looks. */
    public ByteBuffer observation() {
        return mine(seen);
    }

    /**
     * What was seen after it, likewise. After an episode's last step too: the value of what a truncated episode would still have earned is estimated
     * from there.
     */
    public ByteBuffer nextObservation() {
        return mine(next);
    }

    private ByteBuffer mine(ByteBuffer all) {
        return all == null ? null : all.slice(lane * bytes, bytes).order(all.order());
    }

    /** The action taken (action size). */
    public double[] action() {
        return action;
    }

    public double reward() {
        return reward;
    }

    public boolean terminated() {
        return terminated;
    }

    public boolean truncated() {
        return truncated;
    }

    /** Whether this was the episode's last step. */
    public boolean ended() {
        return terminated || truncated;
    }
}
