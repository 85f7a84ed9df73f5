package worldmodels.study.carracing;

import worldmodels.run.Preset;
import worldmodels.run.Settings;
import worldmodels.run.Settings.Key;
import worldmodels.run.Settings.Section;

/**
 * Ha and Schmidhuber's paper and their published code differ in how long V and M are trained; a preset names the one it follows.
 */
public enum AuthorsVersion {

    /** The text: V for one epoch, M for 20. */
    PAPER(1, 20),

    /** The published code: V for 10 epochs; M for 4,000 batches of 100 episodes, which is 40 epochs of its 10,000 episodes. */
    CODE(10, 40);

    private final int visionEpochs;
    private final int memoryEpochs;

    AuthorsVersion(int visionEpochs, int memoryEpochs) {
        this.visionEpochs = visionEpochs;
        this.memoryEpochs = memoryEpochs;
    }

    /** Which one a preset follows; what V and M are trained by depends on it. */
    @Section("")
    public record Followed(AuthorsVersion authors) {}

    @Section("vision")
    private record OfVision(@Key("authors") AuthorsVersion authors, Epochs epochs) {}

    public static int visionEpochs(Preset preset) {
        OfVision of = Settings.of(preset, OfVision.class);
        return of.epochs.orElse(of.authors.visionEpochs);
    }

    public static int memoryEpochs(Preset preset) {
        return Settings.of(preset, MemorySettings.class).epochs().orElse(Settings.of(preset, Followed.class).authors.memoryEpochs);
    }
}
