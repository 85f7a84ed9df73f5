package worldmodels.agent;

import java.nio.ByteBuffer;
import java.util.Arrays;
import worldmodels.controller.Controller;
import worldmodels.data.EpisodeJob;
import worldmodels.memory.MdnRnn;
import worldmodels.run.KitException;
import worldmodels.vision.VisionModel;

/**
 * V and M once, and a whole population of controllers: each step takes one batch of frames through V, each lane's [z h] through its own
 * candidate's C, and one batch of [z a] through M (Ha and Schmidhuber 2018, section 2.4):
 *
 * <pre>
 *   z = V.encode(frame)     a = C([z h])     h = M.advance([z a], h)
 * </pre>
 *
 * <p>M is left out where the controller does not look at h. An episode depends on its track, the weights and nothing else, as {@link Perception} has it.
 */
public final class WorldModelPolicy extends PopulationPolicy {

    private final Perception perception;

    /**
     * @param memory null if the controller does not look at h
     * @param lanes  episodes at once
     * @throws KitException if the parts do not fit together
     */
    public WorldModelPolicy(VisionModel vision, MdnRnn memory, Controller controller, LatentChoice choice, int lanes) {
        super(controller, lanes);
        if (controller.usesHidden() && memory == null) {
            throw new KitException("The controller looks at M's state, but there is no M; give the M that was trained on this V.");
        }
        this.perception = new Perception(vision, controller.usesHidden() ? memory : null, controller.actions(), choice, lanes);
        if (controller.featureSize() != perception.size()) {
            throw new KitException("The controller takes " + controller.featureSize() + " features, V and M give " + perception.size()
                    + "; make it for " + perception.latentSize() + " latents and " + perception.hiddenSize() + " hidden units.");
        }
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
        perception.start(lane, job.seed());
    }

    @Override
    public void act(ByteBuffer observations, boolean[] active, double[] actions) {
        perception.see(observations, active);
        for (int lane = 0; lane < lanes(); lane++) {
            if (active[lane]) {
                act(lane, perception.features(), lane * perception.size(), actions);
            }
        }
        perception.act(active, actions);
    }

    /** @return a copy of the z that the lane last acted on */
    public float[] latent(int lane) {
        int at = lane * perception.size();
        return Arrays.copyOfRange(perception.features(), at, at + perception.latentSize());
    }

    /** Frees the encoder; V and M stay. */
    @Override
    public void close() {
        perception.close();
    }
}
