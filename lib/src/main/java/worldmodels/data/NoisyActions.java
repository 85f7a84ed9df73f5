package worldmodels.data;

import java.nio.ByteBuffer;
import worldmodels.env.Space;
import worldmodels.random.Pcg64;

/**
 * Another policy's actions, in every second episode (of an odd seed) with normal noise, kept within their bounds. With noise the driver sees what lies
 * beside its way; without, it does what it really does, mistakes included, which noise may well cure: a car at full throttle spins, one
 * whose brake trembles does not. Noise that comes in bursts shows how he finds his way back.
 */
public final class NoisyActions implements Policy {

    private final Policy policy;
    private final Space actions;
    private final double deviation;
    private final Pcg64[] random;
    private final boolean[] trembles;
    private final int held;
    private final double share;
    private final int[] time;
    private final double[] noise;

    /**
     * @param policy    whose actions; closed with this one
     * @param actions   the space of one lane's action
     * @param deviation of the noise on each component
     * @param held      steps that each draw of the noise lasts; one step's is gone before the car has answered to it
     * @param share     of the draws that are not nothing
     * @param lanes     episodes at once
     */
    public NoisyActions(Policy policy, Space actions, double deviation, int held, double share, int lanes) {
        this.policy = policy;
        this.actions = actions;
        this.deviation = deviation;
        this.random = new Pcg64[lanes];
        this.trembles = new boolean[lanes];
        this.held = held;
        this.share = share;
        this.time = new int[lanes];
        this.noise = new double[lanes * actions.size()];
    }

    @Override
    public void start(int lane, EpisodeJob job) {
        policy.start(lane, job);
        random[lane] = Pcg64.stream(job.seed(), "action noise");
        trembles[lane] = job.seed() % 2 != 0;
        time[lane] = 0;
    }

    @Override
    public void act(ByteBuffer observations, boolean[] active, double[] chosen) {
        policy.act(observations, active, chosen);
        int size = actions.size();
        for (int lane = 0; lane < random.length; lane++) {
            boolean draws = active[lane] && time[lane]++ % held == 0;
            boolean shakes = draws && trembles[lane] && (share == 1 || random[lane].nextDouble() < share);
            for (int i = 0; active[lane] && i < size; i++) {
                int at = lane * size + i;
                if (draws) {
                    noise[at] = shakes ? deviation * random[lane].standardNormal() : 0;
                }
                chosen[at] = Math.clamp(chosen[at] + noise[at], actions.low(i), actions.high(i));
            }
        }
    }

    @Override
    public boolean looks() {
        return policy.looks();
    }

    @Override
    public void close() {
        policy.close();
    }
}
