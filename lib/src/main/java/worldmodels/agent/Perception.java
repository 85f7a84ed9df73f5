package worldmodels.agent;

import java.nio.ByteBuffer;
import java.util.Arrays;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MemoryState;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;
import worldmodels.vision.FrameEncoder;
import worldmodels.vision.VisionModel;

/**
 * What V and M make of many episodes at once, lane by lane: the features z, or [z h].
 *
 * <pre>
 *   z = V.encode(frame)     h = M.advance([z a], h)     h = 0 at first
 * </pre>
 *
 * <p>What a sampled z adds comes from the episode's own stream, and with a V whose encoder is plain Java ({@link worldmodels.vision.ConvVae}) features depend on
 * the episode, the weights and nothing else: not on the lane, its neighbours, the number of threads or the machine.
 */
final class Perception implements AutoCloseable {

    /** Height and width of the frames. */
    private static final int SIZE = 64;
    private static final int FRAME = SIZE * SIZE * 3;

    private final FrameEncoder encoder;
    private final int latent;
    private final int hidden;
    private final MemoryState state;

    private final Pcg64[] noise;
    private final float[] z;
    private final float[] features;
    private final float[] mean;
    private final float[] logVariance;
    private final ByteBuffer gathered;

    /**
     * @param memory  null if h is not among the features
     * @param actions numbers of an action
     * @throws KitException if M is for other latents or actions
     */
    Perception(VisionModel vision, MdnRnn memory, int actions, LatentChoice choice, int lanes) {
        this.latent = vision.latentSize();
        if (memory != null && (memory.shape().latent() != latent || memory.shape().actions() != actions)) {
            throw new KitException("M is for " + memory.shape().latent() + " latents and " + memory.shape().actions()
                    + " actions; give the M that was trained on this V's " + latent + " latents and the controller's " + actions + " actions.");
        }
        this.hidden = memory == null ? 0 : memory.shape().hidden();
        this.encoder = vision.encoder();
        this.state = memory == null ? null : memory.initial(lanes);
        this.noise = new Pcg64[lanes];
        this.z = new float[lanes * latent];
        this.features = new float[lanes * (latent + hidden)];
        this.mean = new float[lanes * latent];
        this.logVariance = choice == LatentChoice.SAMPLED ? new float[lanes * latent] : null;
        this.gathered = ByteBuffer.allocateDirect(lanes * FRAME);
    }

    int latentSize() {
        return latent;
    }

    int hiddenSize() {
        return hidden;
    }

    /** Length of a lane's features. */
    int size() {
        return latent + hidden;
    }

    /** All lanes' features, (lanes, size) row-major; they change as lanes see and act. */
    float[] features() {
        return features;
    }

    /** A new episode begins in a lane. */
    void start(int lane, long seed) {
        noise[lane] = Pcg64.stream(seed, "latent noise");
        if (state != null) {
            state.forget(lane);
            Arrays.fill(features, lane * size() + latent, (lane + 1) * size(), 0);
        }
    }

    /** Takes the active lanes' frames through V side by side. */
    void see(ByteBuffer observations, boolean[] active) {
        int rows = 0;
        for (int lane = 0; lane < noise.length; lane++) {
            if (active[lane]) {
                gathered.put(rows++ * FRAME, observations, lane * FRAME, FRAME);
            }
        }
        encoder.encode(gathered, rows, mean, logVariance);
        int from = 0;
        for (int lane = 0; lane < noise.length; lane++) {
            if (active[lane]) {
                for (int i = 0; i < latent; i++, from++) {
                    float noisy = logVariance == null ? 0 : (float) (StrictMath.exp(0.5 * logVariance[from]) * noise[lane].standardNormal());
                    z[lane * latent + i] = mean[from] + noisy;
                }
                System.arraycopy(z, lane * latent, features, lane * size(), latent);
            }
        }
    }

    /** Takes what the active lanes do through M. @param actions (lanes x action size) */
    void act(boolean[] active, double[] actions) {
        if (state == null) {
            return;
        }
        state.advance(active, z, actions);
        for (int lane = 0; lane < noise.length; lane++) {
            if (active[lane]) {
                state.hidden(lane, features, lane * size() + latent);
            }
        }
    }

    /** Frees the encoder; V and M stay. */
    @Override
    public void close() {
        encoder.close();
    }
}
