package worldmodels.vision;

import ai.djl.ndarray.NDManager;
import java.util.SortedMap;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Training;
import worldmodels.run.Preset;
import worldmodels.run.Settings;
import worldmodels.run.Settings.Section;
import worldmodels.vision.nvae.Balancing;
import worldmodels.vision.nvae.NvaeShape;

/** The thesis' V. */
final class NvaeKind implements VisionKind {

    @Override
    public String kind() {
        return Nvae.KIND;
    }

    @Override
    public String label() {
        return "NVAE";
    }

    /** What came after the first stages were kept. */
    @Section("nvae")
    private record Later(Balancing balancing) {}

    /** What came later counts only where it is not as it was before. */
    @Override
    public SortedMap<String, String> settings(Preset preset) {
        SortedMap<String, String> settings = Settings.text(preset, NvaeSettings.class);
        settings.putAll(Objective.text(preset));
        if (balancing(preset) != Balancing.PAPER) {
            settings.putAll(Settings.text(preset, Later.class));
        }
        return settings;
    }

    private static Balancing balancing(Preset preset) {
        return Settings.of(preset, Later.class).balancing;
    }

    /** Under a common likelihood the decoder says what that takes. */
    private static NvaeSettings of(Preset preset) {
        NvaeSettings settings = Settings.of(preset, NvaeSettings.class);
        Objective objective = Objective.of(preset);
        return objective.isAuthors() ? settings : settings.with(settings.shape().withMixtures(objective.logistics()));
    }

    @Override
    public int batch(Preset preset) {
        return of(preset).batch();
    }

    @Override
    public int epochs(Preset preset) {
        return of(preset).epochs();
    }

    /** Two measured shapes, 8 and 16 channels, and a line through them; more cells and groups cost in proportion. */
    @Override
    public double framesPerSecond(Preset preset) {
        NvaeShape shape = of(preset).shape();
        double groups = shape.groupsAt8() + shape.groupsAt16() + shape.groupsAt32();
        double cells = shape.encoderCells() + shape.decoderCells() * shape.expansion() / 3.0 * (1 + groups / 4);
        return 2000 / ((9 + 0.62 * shape.channels()) * cells / 2.5);
    }

    @Override
    public Nvae make(NDManager parent, Preset preset, long seed) {
        return new Nvae(parent, of(preset).shape(), seed);
    }

    @Override
    public Nvae make(NDManager parent, Checkpoint found) {
        return new Nvae(parent, NvaeShape.of(found), 0);
    }

    @Override
    public VisionLearner learner(VisionModel model, Preset preset, VisionLearner.Frames frames, long steps, long seed) {
        return new NvaeLearner((Nvae) model, of(preset), balancing(preset), Objective.of(preset), steps, seed, frames);
    }

    /** Eight points and sixteen checkpoints in an epoch. */
    @Override
    public Training.Rhythm rhythm(Preset preset, long batchesPerEpoch) {
        return new Training.Rhythm(epochs(preset) * batchesPerEpoch, Math.max(1, batchesPerEpoch / 8), Math.max(1, batchesPerEpoch / 16));
    }
}
