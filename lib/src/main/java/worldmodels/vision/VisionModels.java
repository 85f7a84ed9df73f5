package worldmodels.vision;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import worldmodels.nn.Checkpoint;
import worldmodels.run.KitException;
import worldmodels.run.Preset;

/**
 * The kinds of V that there are: the kit's, and what is registered beside them.
 *
 * {@snippet :
 * VisionModels.register(VisionKind.of(MyVae.class, MyVae::new));
 * CarRacingExperiment own = CarRacingExperiment.open(Preset.chosen().with("model.vision", "MY_VAE"));
 * }
 */
public final class VisionModels {

    private static final Map<String, VisionKind> KINDS = new LinkedHashMap<>();

    static {
        register(new ConvVaeKind());
        register(new NvaeKind());
    }

    private VisionModels() {}

    /** From now on presets may name it; one of this name that was there before is replaced, as where a cell runs again. */
    public static synchronized void register(VisionKind kind) {
        KINDS.put(kind.name(), kind);
    }

    /** Every kind, the kit's first. */
    public static synchronized List<VisionKind> all() {
        return List.copyOf(KINDS.values());
    }

    /** The kind that {@code model.vision} names. */
    public static VisionKind of(Preset preset) {
        return named(preset.text("model.vision"));
    }

    /** @throws KitException if there is no such kind */
    public static synchronized VisionKind named(String name) {
        VisionKind kind = KINDS.get(name);
        if (kind == null) {
            throw new KitException("There is no vision model '" + name + "'; choose one of " + String.join(", ", KINDS.keySet())
                    + ", or register your own (VisionModels.register).");
        }
        return kind;
    }

    /**
     * The model of a file that {@link VisionModel#save} or a training wrote.
     *
     * @throws KitException if it is missing, damaged, or holds no vision model that is registered
     */
    public static VisionModel load(NDManager parent, Path file) {
        Checkpoint read = Checkpoint.read(file, all().stream().map(VisionKind::kind).toArray(String[]::new));
        VisionModel model = all().stream().filter(kind -> kind.kind().equals(read.kind())).findFirst().orElseThrow().make(parent, read);
        read.copyInto(model.parameters());
        return model;
    }
}
