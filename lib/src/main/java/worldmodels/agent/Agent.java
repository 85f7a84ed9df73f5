package worldmodels.agent;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.Map;
import worldmodels.controller.Controller;
import worldmodels.controller.Features;
import worldmodels.memory.MdnRnn;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Compute;
import worldmodels.vision.VisionModel;

/**
 * One trained agent: V, M, what C sees of them, and C's weights. V and M have files of their own; this one's holds C.
 *
 * @param vision     V
 * @param memory     M; may be null where the features leave h out
 * @param features   what C sees
 * @param latent     which z
 * @param parameters C's weights
 */
public record Agent(VisionModel vision, MdnRnn memory, Features features, LatentChoice latent, double[] parameters) {

    private static final String KIND = "Controller";
    private static final String WEIGHTS = "controller";

    /** @throws worldmodels.run.KitException if the weights belong to another controller */
    public Agent {
        controller(vision, memory, features).require(parameters);
        parameters = parameters.clone();
    }

    /** The controller that these features and networks call for. */
    public static Controller controller(VisionModel vision, MdnRnn memory, Features features) {
        return features.controller(vision.latentSize(), memory == null ? 0 : memory.shape().hidden());
    }

    public Controller controller() {
        return controller(vision, memory, features);
    }

    /** @return the agent acting in this many episodes at once; the caller closes it */
    public WorldModelPolicy policy(int lanes) {
        return new WorldModelPolicy(vision, memory, controller(), latent, lanes).parameters(parameters);
    }

    /** This agent with other weights of C. */
    public Agent with(double[] weights) {
        return new Agent(vision, memory, features, latent, weights);
    }

    /** Writes C's weights and what they are for. */
    public void save(Path file) {
        try (NDManager manager = Compute.newManager()) {
            Checkpoint.write(file, KIND, settings(features, latent), Map.of(WEIGHTS, manager.create(parameters)));
        }
    }

    /**
     * Reads C's weights for these networks.
     *
     * @throws worldmodels.run.KitException if the file is missing or damaged, or holds the weights of other features
     */
    public static Agent load(VisionModel vision, MdnRnn memory, Features features, LatentChoice latent, Path file) {
        try (NDManager manager = Compute.newManager()) {
            double[] parameters = Checkpoint.read(file, KIND).require(settings(features, latent)).tensor(manager, WEIGHTS).toDoubleArray();
            return new Agent(vision, memory, features, latent, parameters);
        }
    }

    private static Map<String, String> settings(Features features, LatentChoice latent) {
        return Map.of("features", features.name(), "latent", latent.name());
    }
}
