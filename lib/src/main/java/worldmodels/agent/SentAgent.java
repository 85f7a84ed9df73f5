package worldmodels.agent;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import worldmodels.controller.Features;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MdnRnnShape;
import worldmodels.run.KitException;
import worldmodels.run.WorkFolder;
import worldmodels.vision.VisionModels;

/**
 * An {@link Agent} as it travels to other machines: V's and M's files, and what C sees. It acts there bit for bit as here where V's encoder is plain Java
 * ({@link Perception}).
 *
 * @param vision what {@link worldmodels.vision.VisionModel#save} writes
 * @param memory what {@link MdnRnn#save} writes; null without M
 * @param shape  M's; null without M
 */
public record SentAgent(byte[] vision, byte[] memory, MdnRnnShape shape, Features features, LatentChoice latent, double[] parameters) implements Serializable {

    private static final String FILE = "sent.safetensors";

    public static SentAgent of(Agent agent) {
        MdnRnn m = agent.memory();
        return new SentAgent(bytes(agent.vision()::save), m == null ? null : bytes(m::save), m == null ? null : m.shape(), agent.features(), agent.latent(),
                agent.parameters());
    }

    /** The agent, whose V and M belong to this manager. */
    public Agent open(NDManager manager) {
        try (WorkFolder.Scratch scratch = WorkFolder.scratch()) {
            return new Agent(VisionModels.load(manager, file(scratch, vision)), memory == null ? null : MdnRnn.load(manager, shape, file(scratch, memory)), features,
                    latent, parameters);
        }
    }

    private static byte[] bytes(Consumer<Path> save) {
        try (WorkFolder.Scratch scratch = WorkFolder.scratch()) {
            Path file = scratch.path().resolve(FILE);
            save.accept(file);
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new KitException("Cannot write an agent to be sent (" + e.getMessage() + "); make room in the folder for temporary files.", e);
        }
    }

    private static Path file(WorkFolder.Scratch scratch, byte[] bytes) {
        try {
            return Files.write(scratch.path().resolve(FILE), bytes);
        } catch (IOException e) {
            throw new KitException("Cannot write an agent that was sent (" + e.getMessage() + "); make room in the folder for temporary files.", e);
        }
    }
}
