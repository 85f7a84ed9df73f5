package worldmodels.agent;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.Space;
import worldmodels.memory.MdnRnn;
import worldmodels.vision.VisionModel;

/**
 * Real environments as the world model sees them: an observation is [z h], float32, in the place of a picture, so that whatever learns from vectors learns on V
 * and M. They are not trained, and no gradient comes near them.
 *
 * <p>An action is repeated here and not below: V and M have learned from every frame, so they see every frame, also those between two decisions. Rewards are
 * summed, and an episode that ends in between ends the step.
 */
public final class LatentEnvironments implements BatchedEnvironment {

    /** Numbers that stand after [z h], as a goal that is told. */
    public interface Beside {

        int size();

        /** @param target receives {@link #size} numbers */
        void put(int lane, FloatBuffer target);
    }

    private static final Beside NOTHING = new Beside() {

        @Override
        public int size() {
            return 0;
        }

        @Override
        public void put(int lane, FloatBuffer target) {}
    };

    private final BatchedEnvironment frames;
    private final Perception perception;
    private final int repeat;
    private final Beside beside;
    private final Space space;
    private final ByteBuffer pictures;
    private final boolean[] going;
    private final double[] paid;

    /**
     * @param frames of 64 x 64 pixels; closed with this
     * @param memory for V's latents and these actions
     * @param choice which z; of a sampled one the episode's own stream decides
     * @param repeat steps of an action
     * @throws worldmodels.run.KitException if M is for other latents or actions
     */
    public LatentEnvironments(BatchedEnvironment frames, VisionModel vision, MdnRnn memory, LatentChoice choice, int repeat) {
        this(frames, vision, memory, choice, repeat, NOTHING);
    }

    /** As above, and an observation has more than [z h]. */
    public LatentEnvironments(BatchedEnvironment frames, VisionModel vision, MdnRnn memory, LatentChoice choice, int repeat, Beside beside) {
        this.frames = frames;
        this.perception = new Perception(vision, memory, frames.actionSpace().size(), choice, frames.lanes());
        this.repeat = repeat;
        this.beside = beside;
        double[] most = new double[perception.size() + beside.size()];
        Arrays.fill(most, Float.MAX_VALUE);
        this.space = Space.vector(Arrays.stream(most).map(x -> -x).toArray(), most);
        this.pictures = frames.newObservations();
        this.going = new boolean[frames.lanes()];
        this.paid = new double[frames.lanes()];
    }

    @Override
    public int lanes() {
        return frames.lanes();
    }

    @Override
    public Space observationSpace() {
        return space;
    }

    @Override
    public Space actionSpace() {
        return frames.actionSpace();
    }

    @Override
    public void reset(boolean[] which, long[] seeds, ByteBuffer observations) {
        frames.reset(which, seeds, pictures);
        for (int lane = 0; lane < lanes(); lane++) {
            if (which[lane]) {
                perception.start(lane, seeds[lane]);
            }
        }
        show(which, observations);
    }

    @Override
    public void step(boolean[] active, double[] actions, double[] rewards, boolean[] terminated, boolean[] truncated, ByteBuffer observations) {
        System.arraycopy(active, 0, going, 0, lanes());
        boolean any = true;
        for (int times = 0; times < repeat && any; times++) {
            perception.act(going, actions);
            frames.step(going, actions, paid, terminated, truncated, pictures);
            perception.see(pictures, going);
            any = false;
            for (int lane = 0; lane < lanes(); lane++) {
                if (going[lane]) {
                    rewards[lane] = paid[lane] + (times == 0 ? 0 : rewards[lane]);
                    going[lane] = !terminated[lane] && !truncated[lane];
                    any |= going[lane];
                }
            }
        }
        write(active, observations);
    }

    private void show(boolean[] which, ByteBuffer observations) {
        perception.see(pictures, which);
        write(which, observations);
    }

    private void write(boolean[] which, ByteBuffer observations) {
        for (int lane = 0; lane < lanes() && observations != null; lane++) {
            if (which[lane]) {
                FloatBuffer target = observations.slice(lane * space.bytes(), space.bytes()).order(observations.order()).asFloatBuffer();
                beside.put(lane, target.put(perception.features(), lane * perception.size(), perception.size()));
            }
        }
    }

    /** The lanes' environments and what V sees with. */
    @Override
    public void close() {
        perception.close();
        frames.close();
    }
}
