package worldmodels.agent;

import java.nio.ByteBuffer;
import java.util.Arrays;
import worldmodels.controller.Controller;
import worldmodels.data.EpisodeJob;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MemoryState;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;
import worldmodels.vision.FrameEncoder;
import worldmodels.vision.VisionModel;

/**
 * V and M once, and a whole population of controllers: each step takes one batch of frames through V, each lane's [z h] through its own
 * candidate's C, and one batch of [z a] through M (Ha and Schmidhuber 2018, section 2.4):
 *
 * <pre>
 *   z = V.encode(frame)     a = C([z h])     h = M.advance([z a], h)
 * </pre>
 *
 * <p>M is left out where the controller does not look at h. What a sampled z adds comes from the episode's own stream, and with a V whose
 * encoder is plain Java ({@link worldmodels.vision.ConvVae}) an episode depends on its track, the weights and nothing else: not on its lane,
 * its neighbours, the number of threads or the machine.
 */
public final class WorldModelPolicy extends PopulationPolicy {

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
     * @param memory null if the controller does not look at h
     * @param lanes  episodes at once
     * @throws KitException if the parts do not fit together
     */
    public WorldModelPolicy(VisionModel vision, MdnRnn memory, Controller controller, LatentChoice choice, int lanes) {
        super(controller, lanes);
        this.latent = vision.latentSize();
        if (controller.usesHidden() && memory == null) {
            throw new KitException("The controller looks at M's state, but there is no M; give the M that was trained on this V.");
        }
        if (controller.usesHidden() && (memory.shape().latent() != latent || memory.shape().actions() != controller.actions())) {
            throw new KitException("M is for " + memory.shape().latent() + " latents and " + memory.shape().actions()
                    + " actions; give the M that was trained on this V's " + latent + " latents and the controller's " + controller.actions() + " actions.");
        }
        this.hidden = controller.usesHidden() ? memory.shape().hidden() : 0;
        if (controller.featureSize() != latent + hidden) {
            throw new KitException("The controller takes " + controller.featureSize() + " features, V and M give " + (latent + hidden)
                    + "; make it for " + latent + " latents and " + hidden + " hidden units.");
        }
        this.encoder = vision.encoder();
        this.state = controller.usesHidden() ? memory.initial(lanes) : null;
        this.noise = new Pcg64[lanes];
        this.z = new float[lanes * latent];
        this.features = new float[lanes * (latent + hidden)];
        this.mean = new float[lanes * latent];
        this.logVariance = choice == LatentChoice.SAMPLED ? new float[lanes * latent] : null;
        this.gathered = ByteBuffer.allocateDirect(lanes * FRAME);
    }

    @Override
    public WorldModelPolicy population(double[][] parameters) {
        super.population(parameters);
        return this;
    }

    /** {@link #population} of one: candidate 0. */
    public WorldModelPolicy parameters(double[] parameters) {
        return population(new double[][] {parameters});
    }

    @Override
    public void start(int lane, EpisodeJob job) {
        super.start(lane, job);
        noise[lane] = Pcg64.stream(job.seed(), "latent noise");
        if (state != null) {
            state.forget(lane);
            int size = latent + hidden;
            Arrays.fill(features, lane * size + latent, (lane + 1) * size, 0);
        }
    }

    @Override
    public void act(ByteBuffer observations, boolean[] active, double[] actions) {
        see(observations, active);
        int size = latent + hidden;
        for (int lane = 0; lane < lanes(); lane++) {
            if (active[lane]) {
                System.arraycopy(z, lane * latent, features, lane * size, latent);
                act(lane, features, lane * size, actions);
            }
        }
        if (state != null) {
            state.advance(active, z, actions);
            for (int lane = 0; lane < lanes(); lane++) {
                if (active[lane]) {
                    state.hidden(lane, features, lane * size + latent);
                }
            }
        }
    }

    /** Fills z for the active lanes, whose frames go through V side by side. */
    private void see(ByteBuffer observations, boolean[] active) {
        int rows = 0;
        for (int lane = 0; lane < lanes(); lane++) {
            if (active[lane]) {
                gathered.put(rows++ * FRAME, observations, lane * FRAME, FRAME);
            }
        }
        encoder.encode(gathered, rows, mean, logVariance);
        int from = 0;
        for (int lane = 0; lane < lanes(); lane++) {
            for (int i = 0; active[lane] && i < latent; i++, from++) {
                float noisy = logVariance == null ? 0 : (float) (StrictMath.exp(0.5 * logVariance[from]) * noise[lane].standardNormal());
                z[lane * latent + i] = mean[from] + noisy;
            }
        }
    }

    /** @return a copy of the z that the lane last acted on */
    public float[] latent(int lane) {
        return Arrays.copyOfRange(z, lane * latent, (lane + 1) * latent);
    }

    /** Frees the encoder; V and M stay. */
    @Override
    public void close() {
        encoder.close();
    }
}
