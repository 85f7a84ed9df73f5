package worldmodels.vision;

import ai.djl.ndarray.NDManager;
import java.util.SortedMap;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Training;
import worldmodels.run.Preset;
import worldmodels.run.Settings;
import worldmodels.run.Settings.Key;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Section;

/** The V that both course reports describe. */
final class VaeGanKind implements VisionKind {

    /** What the trained weights depend on. */
    @Section("")
    private record Own(@Key("vision.latent") @Least(1) int latent, VaeGanSettings training) {}

    @Override
    public String kind() {
        return VaeGan.class.getSimpleName();
    }

    @Override
    public String label() {
        return "VAE-GAN";
    }

    @Override
    public SortedMap<String, String> settings(Preset preset) {
        return Settings.text(preset, Own.class);
    }

    private static Own of(Preset preset) {
        return Settings.of(preset, Own.class);
    }

    @Override
    public int batch(Preset preset) {
        return of(preset).training.batch();
    }

    @Override
    public int epochs(Preset preset) {
        return of(preset).training.epochs();
    }

    @Override
    public double framesPerSecond(Preset preset) {
        return 150;
    }

    @Override
    public VaeGan make(NDManager parent, Preset preset, long seed) {
        return new VaeGan(parent, of(preset).latent, seed);
    }

    @Override
    public VaeGan make(NDManager parent, Checkpoint found) {
        return new VaeGan(parent, (int) found.number("latentSize"), 0);
    }

    @Override
    public VisionLearner learner(VisionModel model, Preset preset, VisionLearner.Frames frames, long steps, long seed) {
        return new VaeGanLearner((VaeGan) model, of(preset).training, steps, seed, frames);
    }

    /** Eight points and checkpoints in an epoch. */
    @Override
    public Training.Rhythm rhythm(Preset preset, long batchesPerEpoch) {
        long eighth = Math.max(1, batchesPerEpoch / 8);
        return new Training.Rhythm(epochs(preset) * batchesPerEpoch, eighth, eighth);
    }
}
