package worldmodels.dream;

import java.util.Arrays;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MemoryState;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

/**
 * Many dreams side by side, on one thread: M says what comes next, and it happens (Ha and Schmidhuber 2018, section 4).
 *
 * <pre>
 *   h = M.advance([z a], h)     z' ~ P(z' | h; τ)     r = reward head (h)     ended ~ done head (h)
 * </pre>
 *
 * <p>A dream depends on its seed, the actions and M alone, not on its lane, its neighbours or the machine. A z that is not finite or far beyond what V
 * says of any frame ends its dream there ({@link #diverged}), before anything is made of it.
 */
public final class Dream {

    /** V's z are about standard normal; nothing real is ten deviations away in every direction. */
    public static final float FARTHEST = 20;

    private final DreamSettings settings;
    private final FirstFrames beginnings;
    private final MemoryState memory;
    private final int latent;
    private final Pcg64[] random;
    private final int[] time;
    private final float[] z;
    private long diverged;

    /**
     * @param memory with heads for reward and end
     * @param lanes  dreams at once
     * @throws KitException if M has no heads, or is for another V than the first frames
     */
    public Dream(MdnRnn memory, FirstFrames beginnings, DreamSettings settings, int lanes) {
        if (!memory.shape().reward() || !memory.shape().done()) {
            throw new KitException("This M predicts no reward or no end of the episode, so nothing can be won or lost in its dream; train one with both heads.");
        }
        if (memory.shape().latent() != beginnings.latent()) {
            throw new KitException("M is for " + memory.shape().latent() + " latents, the first frames have " + beginnings.latent()
                    + "; encode them with the V that M was trained on.");
        }
        this.settings = settings;
        this.beginnings = beginnings;
        this.memory = memory.initial(lanes);
        this.latent = memory.shape().latent();
        this.random = new Pcg64[lanes];
        this.time = new int[lanes];
        this.z = new float[lanes * latent];
    }

    public int lanes() {
        return time.length;
    }

    public DreamSettings settings() {
        return settings;
    }

    /** Length of z. */
    public int latent() {
        return latent;
    }

    /** Begins the dream that belongs to a seed. */
    public void start(int lane, long seed) {
        random[lane] = Pcg64.stream(seed, "dream");
        beginnings.draw(random[lane], z, lane * latent);
        memory.forget(lane);
        time[lane] = 0;
    }

    /**
     * Dreams one step on.
     *
     * @param active     which lanes
     * @param actions    (lanes, actions)
     * @param rewards    receives the step's rewards, (lanes)
     * @param terminated receives whether the episode ended by itself, or diverged
     * @param truncated  receives whether the horizon was reached
     */
    public void step(boolean[] active, double[] actions, double[] rewards, boolean[] terminated, boolean[] truncated) {
        memory.advance(active, z, actions);
        memory.expect(active);
        for (int lane = 0; lane < time.length; lane++) {
            if (active[lane]) {
                memory.sample(lane, settings.temperature(), random[lane], z, lane * latent);
                boolean lost = isLost(lane);
                double reward = memory.reward(lane) + curiosity(lane);
                boolean ended = random[lane].nextDouble() < memory.end(lane);
                rewards[lane] = lost || !Double.isFinite(reward) ? 0 : reward + (ended ? settings.endReward() : 0);
                terminated[lane] = ended || lost;
                truncated[lane] = ++time[lane] >= settings.horizon();
            }
        }
    }

    private double curiosity(int lane) {
        return settings.curiosity() == 0 ? 0 : settings.curiosity() * memory.surprise(lane, z, lane * latent);
    }

    private boolean isLost(int lane) {
        for (int i = lane * latent; i < (lane + 1) * latent; i++) {
            if (!(Math.abs(z[i]) <= FARTHEST)) {
                Arrays.fill(z, lane * latent, (lane + 1) * latent, 0);
                diverged++;
                return true;
            }
        }
        return false;
    }

    /** Copies a lane's z to {@code target[at]} and on. */
    public void latent(int lane, float[] target, int at) {
        System.arraycopy(z, lane * latent, target, at, latent);
    }

    /** Copies a lane's h to {@code target[at]} and on. */
    public void hidden(int lane, float[] target, int at) {
        memory.hidden(lane, target, at);
    }

    /** How many dreams have ended because z ran away. */
    public long diverged() {
        return diverged;
    }
}
