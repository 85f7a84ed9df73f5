package worldmodels.dream;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import worldmodels.dream.Beginnings.Beginning;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.Space;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MemoryState;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

/**
 * Environments that M dreams, side by side on one thread: M says what comes next, and it happens (Ha and Schmidhuber 2018, section 4).
 *
 * <pre>
 *   h = M.advance([z a], h)     z' ~ P(z' | h; τ)     r = reward head (h)     ended ~ done head (h)
 * </pre>
 *
 * <p>A dream depends on its seed, the actions and M alone, not on its lane, its neighbours or the machine. A z that is not finite or far beyond what V
 * says of any frame ends its dream there ({@link #diverged}), before anything is made of it, and costs what an end costs.
 *
 * <p><b>Action space</b>: the real environment's.
 *
 * <p><b>Observation space</b>: [z h], float32 (latent + hidden): what a controller sees; V decodes the first of them to a picture.
 *
 * <p><b>Reward</b>: what M expects, within what a step can bring, {@link DreamSettings#endReward} for an end, and curiosity.
 *
 * <p><b>Starting state</b>: z of the first frame of a real episode and h = 0, or z of a later one and what M remembers then ({@link Beginnings}).
 *
 * <p><b>End of episode</b>: terminated by M's done head or a lost z, truncated after the horizon or a stretch without reward ({@link DreamSettings#patience}).
 */
public final class Dream implements BatchedEnvironment {

    /** V's z are about standard normal; nothing real is ten deviations away in every direction. */
    public static final float FARTHEST = 20;

    private final DreamSettings settings;
    private final Beginnings beginnings;
    private final MemoryState memory;
    private final Space observationSpace;
    private final Space actionSpace;
    private final int latent;
    private final Pcg64[] random;
    private final int[] time;
    private final int[] idle;
    private final float[] z;
    private final float[] hidden;
    private long diverged;

    /**
     * @param memory  with heads for reward and end
     * @param actions of the real environment
     * @param lanes   dreams at once
     * @throws KitException if M has no heads, or is for another V than the first frames, or for other actions
     */
    public Dream(MdnRnn memory, Beginnings beginnings, DreamSettings settings, Space actions, int lanes) {
        if (!memory.shape().reward() || !memory.shape().done()) {
            throw new KitException("This M predicts no reward or no end of the episode, so nothing can be won or lost in its dream; train one with both heads.");
        }
        if (memory.shape().latent() != beginnings.latent()) {
            throw new KitException("M is for " + memory.shape().latent() + " latents, the first frames have " + beginnings.latent()
                    + "; encode them with the V that M was trained on.");
        }
        if (actions.size() != memory.shape().actions()) {
            throw new KitException("M is for " + memory.shape().actions() + " actions, the environment takes " + actions.size()
                    + "; dream of the environment that M was trained on.");
        }
        this.settings = settings;
        this.beginnings = beginnings;
        this.memory = memory.initial(lanes);
        this.latent = memory.shape().latent();
        this.random = new Pcg64[lanes];
        this.time = new int[lanes];
        this.idle = new int[lanes];
        this.z = new float[lanes * latent];
        this.hidden = new float[memory.shape().hidden()];
        double[] bounds = new double[latent + hidden.length];
        Arrays.fill(bounds, 0, latent, FARTHEST);
        Arrays.fill(bounds, latent, bounds.length, 1);
        this.observationSpace = Space.vector(Arrays.stream(bounds).map(bound -> -bound).toArray(), bounds);
        this.actionSpace = actions;
    }

    @Override
    public int lanes() {
        return time.length;
    }

    @Override
    public Space observationSpace() {
        return observationSpace;
    }

    @Override
    public Space actionSpace() {
        return actionSpace;
    }

    /** Length of z, which an observation begins with. */
    public int latent() {
        return latent;
    }

    @Override
    public void reset(boolean[] which, long[] seeds, ByteBuffer observations) {
        BatchedEnvironment.requireLength("seeds", seeds.length, lanes());
        Beginning[] begun = new Beginning[lanes()];
        for (int lane = 0; lane < time.length; lane++) {
            if (which[lane]) {
                random[lane] = Beginnings.random(seeds[lane]);
                begun[lane] = beginnings.draw(random[lane]);
                beginnings.z(begun[lane], 0, random[lane], z, lane * latent);
                memory.forget(lane);
                time[lane] = 0;
                idle[lane] = 0;
            }
        }
        watch(begun);
        observe(which, observations);
    }

    /** M sees the real steps before each dream. */
    private void watch(Beginning[] begun) {
        boolean[] watching = new boolean[lanes()];
        double[] actions = new double[lanes() * actionSpace.size()];
        int longest = Arrays.stream(begun).filter(Objects::nonNull).mapToInt(Beginning::watched).max().orElse(0);
        for (int step = 0; step < longest; step++) {
            for (int lane = 0; lane < lanes(); lane++) {
                watching[lane] = begun[lane] != null && step < begun[lane].watched();
                if (watching[lane]) {
                    double[] taken = begun[lane].episode().action(begun[lane].frame() + step);
                    System.arraycopy(taken, 0, actions, lane * taken.length, taken.length);
                }
            }
            memory.advance(watching, z, actions);
            for (int lane = 0; lane < lanes(); lane++) {
                if (watching[lane]) {
                    beginnings.z(begun[lane], step + 1, random[lane], z, lane * latent);
                }
            }
        }
    }

    /** @throws KitException if an action is not finite */
    @Override
    public void step(boolean[] active, double[] actions, double[] rewards, boolean[] terminated, boolean[] truncated, ByteBuffer observations) {
        refuseBad(active, actions);
        memory.advance(active, z, actions);
        memory.expect(active);
        for (int lane = 0; lane < time.length; lane++) {
            if (active[lane]) {
                memory.sample(lane, settings.temperature(), random[lane], z, lane * latent);
                boolean lost = isLost(lane);
                boolean ended = random[lane].nextDouble() < memory.end(lane);
                rewards[lane] = lost ? settings.endReward() : reward(lane) + (ended ? settings.endReward() : 0);
                terminated[lane] = ended || lost;
                idle[lane] = memory.reward(lane) > 0 ? 0 : idle[lane] + 1;
                truncated[lane] = ++time[lane] >= settings.horizon() || settings.patience() > 0 && idle[lane] >= settings.patience();
            }
        }
        observe(active, observations);
    }

    private void refuseBad(boolean[] active, double[] actions) {
        int size = actionSpace.size();
        BatchedEnvironment.requireLength("actions", actions.length, lanes() * size);
        for (int i = 0; i < lanes() * size; i++) {
            if (active[i / size] && !Double.isFinite(actions[i])) {
                throw new KitException("An action in the dream holds " + actions[i] + "; look for NaN in the policy.");
            }
        }
    }

    private void observe(boolean[] which, ByteBuffer observations) {
        if (observations == null) {
            return;
        }
        requireRoom(observations);
        for (int lane = 0; lane < time.length; lane++) {
            if (which[lane]) {
                memory.hidden(lane, hidden, 0);
                observations.slice(lane * observationSpace.bytes(), observationSpace.bytes()).order(observations.order()).asFloatBuffer()
                        .put(z, lane * latent, latent).put(hidden);
            }
        }
    }

    private double reward(int lane) {
        double curiosity = settings.curiosity() == 0 ? 0 : settings.curiosity() * memory.surprise(lane, z, lane * latent);
        return Math.clamp(memory.reward(lane), settings.least(), settings.most()) + curiosity;
    }

    private boolean isLost(int lane) {
        boolean isFinite = Float.isFinite(memory.reward(lane));
        for (int i = lane * latent; i < (lane + 1) * latent; i++) {
            if (!isFinite || !(Math.abs(z[i]) <= FARTHEST)) {
                Arrays.fill(z, lane * latent, (lane + 1) * latent, 0);
                diverged++;
                return true;
            }
        }
        return false;
    }

    /** Steps after which a dream is cut off. */
    public int horizon() {
        return settings.horizon();
    }

    /** How many dreams have ended because z ran away. */
    public long diverged() {
        return diverged;
    }
}
