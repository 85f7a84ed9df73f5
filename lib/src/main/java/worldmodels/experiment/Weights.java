package worldmodels.experiment;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import worldmodels.agent.Agent;
import worldmodels.controller.Features;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MdnRnnShape;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.vision.VisionModel;

/**
 * The final weights of an experiment in one folder, without optimisers: {@code vision.safetensors}, {@code memory.safetensors} and
 * {@code controller-<features>-<seed>.safetensors}. Enough to drive every agent of the table again without training.
 */
public final class Weights {

    private static final String VISION = "vision.safetensors";
    private static final String MEMORY = "memory.safetensors";
    private static final Pattern CONTROLLER = Pattern.compile("controller-([a-z-]+)-(\\d+)\\.safetensors");

    private Weights() {}

    /** An agent and the training seed of its C. */
    public record Seeded(Agent agent, long seed) {}

    /** Writes the weights of all rows of the table; what is not trained yet is trained. */
    public static void save(CarRacingExperiment experiment, Path folder, Progress progress) {
        experiment.vision(progress).model().save(folder.resolve(VISION));
        experiment.memory(progress).model().save(folder.resolve(MEMORY));
        for (Features features : Features.values()) {
            for (TrainedController trained : experiment.controllers(features, progress)) {
                experiment.agent(trained, progress)
                        .save(folder.resolve("controller-" + CarRacingExperiment.word(features) + "-" + trained.seed() + ".safetensors"));
            }
        }
    }

    /**
     * Reads every agent in the folder, by name of their files.
     *
     * @throws KitException if the folder holds no weights, or a file is damaged or belongs to a preset with another latent size
     */
    public static List<Seeded> load(NDManager manager, Preset preset, Path folder) {
        List<Path> files = controllers(folder);
        if (files.isEmpty()) {
            throw new KitException("There are no weights in " + folder + "; make them with environment/run.sh --preset " + preset.name()
                    + " or choose a preset whose weights are kept (laptop).");
        }
        VisionModel vision = VisionModel.load(manager, folder.resolve(VISION));
        if (vision.latentSize() != preset.integer("vision.latent")) {
            throw new KitException("The weights in " + folder + " are of a V with " + vision.latentSize() + " latents, the preset "
                    + preset.name() + " asks for " + preset.text("vision.latent") + "; choose the preset that they were made with.");
        }
        MdnRnn memory = MdnRnn.load(manager, MdnRnnShape.carRacing(vision.latentSize()), folder.resolve(MEMORY));
        List<Seeded> agents = new ArrayList<>();
        for (Path file : files) {
            Matcher name = CONTROLLER.matcher(file.getFileName().toString());
            if (name.matches()) {
                Features features = Features.valueOf(name.group(1).replace('-', '_').toUpperCase(Locale.ROOT));
                agents.add(new Seeded(Agent.load(vision, features.usesHidden() ? memory : null, features,
                        CarRacingExperiment.latentChoice(preset), file), Long.parseLong(name.group(2))));
            }
        }
        return agents;
    }

    private static List<Path> controllers(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> CONTROLLER.matcher(file.getFileName().toString()).matches()).sorted().toList();
        } catch (IOException e) {
            throw new KitException("Cannot read the folder " + folder + " (" + e.getMessage() + "); make it readable.", e);
        }
    }
}
