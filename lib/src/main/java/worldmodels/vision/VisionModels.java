package worldmodels.vision;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import worldmodels.nn.Checkpoint;
import worldmodels.run.Preset;
import worldmodels.run.Settings;
import worldmodels.run.Settings.Section;

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
        register(new VaeGanKind());
        Stream.of(FixedEncoderKind.values()).forEach(VisionModels::register);
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

    /**
     * The kind that {@code model.vision} names.
     *
     * @throws worldmodels.run.KitException if there is no such kind
     */
    public static VisionKind of(Preset preset) {
        return Settings.of(preset, Chosen.class).vision;
    }

    @Section("model")
    private record Chosen(VisionKind vision) {}

    /**
     * The model of a file that {@link VisionModel#save} or a training wrote.
     *
     * @throws worldmodels.run.KitException if it is missing, damaged, or holds no vision model that is registered
     */
    public static VisionModel load(NDManager parent, Path file) {
        Checkpoint read = Checkpoint.read(file, all().stream().map(VisionKind::kind).toArray(String[]::new));
        VisionModel model = all().stream().filter(kind -> kind.kind().equals(read.kind())).findFirst().orElseThrow().make(parent, read);
        if (read.names().contains(PixelVariance.NAME)) {
            PixelVariance.given(model);
        }
        read.copyInto(model.parameters());
        return model;
    }
}
