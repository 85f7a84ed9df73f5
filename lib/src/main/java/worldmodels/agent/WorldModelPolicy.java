package worldmodels.agent;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.Arrays;
import worldmodels.controller.CarActions;
import worldmodels.controller.Controller;
import worldmodels.data.EpisodeJob;
import worldmodels.data.Policy;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MemoryState;
import worldmodels.nn.Compute;
import worldmodels.nn.Gradients;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;
import worldmodels.vision.Posterior;
import worldmodels.vision.VisionModel;

/**
 * V and M once, and a whole population of controllers: each step takes one batch of frames through V, each lane's [z h] through its own
 * candidate's C, and one batch of [z a] through M (Ha and Schmidhuber 2018, section 2.4):
 *
 * <pre>
 *   z = V.encode(frame)     a = C([z h])     h = M.advance([z a], h)
 * </pre>
 *
 * <p>M is left out where the controller does not look at h. What a sampled z adds comes from the episode's own stream, so an episode does
 * not depend on its lane or its neighbours; with another number of lanes, or of lanes still driving, the networks' sums may round differently in
 * the last digit, which a long drive can make visible. The same jobs in the same number of lanes always give the same episodes.
 */
public final class WorldModelPolicy implements Policy {

    /** Height and width of the frames. */
    private static final int SIZE = 64;
    private static final int FRAME = SIZE * SIZE * 3;

    /** V encodes a multiple of so many frames. */
    private static final int ROWS = 16;

    private final VisionModel vision;
    private final MdnRnn memory;
    private final Controller controller;
    private final LatentChoice choice;
    private final int lanes;
    private final int latent;
    private final int hidden;
    private final NDManager manager = Compute.newManager();
    private final MemoryState state;

    private final int[] candidate;
    private final Pcg64[] noise;
    private final float[] z;
    private final float[] features;
    private final int[] rowOf;
    private final ByteBuffer gathered;
    private double[][] population;

    /**
     * @param memory null if the controller does not look at h
     * @param lanes  episodes at once
     * @throws KitException if the parts do not fit together
     */
    public WorldModelPolicy(VisionModel vision, MdnRnn memory, Controller controller, LatentChoice choice, int lanes) {
        this.vision = vision;
        this.memory = controller.usesHidden() ? memory : null;
        this.controller = controller;
        this.choice = choice;
        this.lanes = lanes;
        this.latent = vision.latentSize();
        if (controller.usesHidden() && memory == null) {
            throw new KitException("The controller looks at M's state, but there is no M; give the M that was trained on this V.");
        }
        if (this.memory != null && (memory.shape().latent() != latent || memory.shape().actions() != CarActions.COUNT)) {
            throw new KitException("M is for " + memory.shape().latent() + " latents and " + memory.shape().actions()
                    + " actions; give the M that was trained on this V's " + latent + " latents.");
        }
        this.hidden = this.memory == null ? 0 : memory.shape().hidden();
        if (controller.featureSize() != latent + hidden) {
            throw new KitException("The controller takes " + controller.featureSize() + " features, V and M give " + (latent + hidden)
                    + "; make it for " + latent + " latents and " + hidden + " hidden units.");
        }
        this.state = this.memory == null ? null : memory.initial(lanes);
        this.candidate = new int[lanes];
        this.noise = new Pcg64[lanes];
        this.z = new float[lanes * latent];
        this.features = new float[lanes * (latent + hidden)];
        this.rowOf = new int[lanes];
        this.gathered = ByteBuffer.allocateDirect(lanes * FRAME);
    }

    /**
     * Sets whose parameters the next episodes are played with: a job's candidate is an index into these.
     *
     * @param parameters one vector per candidate; not copied
     */
    public WorldModelPolicy population(double[][] parameters) {
        for (double[] vector : parameters) {
            controller.require(vector);
        }
        population = parameters;
        return this;
    }

    /** {@link #population} of one: candidate 0. */
    public WorldModelPolicy parameters(double[] parameters) {
        return population(new double[][] {parameters});
    }

    @Override
    public void start(int lane, EpisodeJob job) {
        if (population == null || job.candidate() < 0 || job.candidate() >= population.length) {
            throw new KitException("Episode asks for candidate " + job.candidate() + " of " + (population == null ? 0 : population.length)
                    + "; set the population before the rollout.");
        }
        candidate[lane] = job.candidate();
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
        for (int lane = 0; lane < lanes; lane++) {
            if (active[lane]) {
                System.arraycopy(z, lane * latent, features, lane * size, latent);
                controller.act(features, lane * size, population[candidate[lane]], actions, lane * CarActions.COUNT);
            }
        }
        if (state != null) {
            memory.advance(state, z, actions);
            float[] h = state.hidden();
            for (int lane = 0; lane < lanes; lane++) {
                System.arraycopy(h, lane * hidden, features, lane * size + latent, hidden);
            }
        }
    }

    /** Fills z for the active lanes. */
    private void see(ByteBuffer observations, boolean[] active) {
        float[] mean;
        float[] logVariance = null;
        int rows = gather(observations, active);
        try (NDManager step = manager.newSubManager(); Gradients.Pause pause = Gradients.pause()) {
            ByteBuffer seen = rows == lanes ? observations : gathered.clear().limit(rows * FRAME);
            NDArray frames = step.create(seen, new Shape(rows, SIZE, SIZE, 3), DataType.UINT8);
            Posterior posterior = vision.encode(frames);
            mean = posterior.mean().toFloatArray();
            if (choice == LatentChoice.SAMPLED) {
                logVariance = posterior.logVariance().toFloatArray();
            }
        }
        for (int lane = 0; lane < lanes; lane++) {
            for (int i = 0; active[lane] && i < latent; i++) {
                int from = rowOf[lane] * latent + i;
                float noisy = logVariance == null ? 0 : (float) (Math.exp(0.5 * logVariance[from]) * noise[lane].standardNormal());
                z[lane * latent + i] = mean[from] + noisy;
            }
        }
    }

    /**
     * Puts the active lanes' frames side by side when many lanes are idle, so that the last episodes of a rollout do not pay for a full
     * batch.
     *
     * @return how many rows V has to encode, a multiple of {@value #ROWS} or all lanes; {@code rowOf} then says where each lane is
     */
    private int gather(ByteBuffer observations, boolean[] active) {
        int count = 0;
        for (int lane = 0; lane < lanes; lane++) {
            rowOf[lane] = lane;
            count += active[lane] ? 1 : 0;
        }
        int rows = Math.max(ROWS, (count + ROWS - 1) / ROWS * ROWS);
        if (rows >= lanes) {
            return lanes;
        }
        int row = 0;
        for (int lane = 0; lane < lanes; lane++) {
            if (active[lane]) {
                rowOf[lane] = row;
                gathered.put(row++ * FRAME, observations, lane * FRAME, FRAME);
            }
        }
        return rows;
    }

    /** @return a copy of the z that the lane last acted on */
    public float[] latent(int lane) {
        return Arrays.copyOfRange(z, lane * latent, (lane + 1) * latent);
    }

    /** Frees the state; V and M stay. */
    @Override
    public void close() {
        if (state != null) {
            state.close();
        }
        manager.close();
    }
}
