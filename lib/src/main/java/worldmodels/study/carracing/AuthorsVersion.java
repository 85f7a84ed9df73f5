package worldmodels.study.carracing;

import worldmodels.run.Preset;
import worldmodels.run.Settings;
import worldmodels.run.Settings.Section;

/**
 * Ha and Schmidhuber's paper and their published code differ in how long V ({@link worldmodels.vision.VisionSettings}) and M are trained; a preset
 * names the one it follows.
 */
public enum AuthorsVersion {

    /** The text: M for 20 epochs. */
    PAPER(20),

    /** The published code: 4,000 batches of 100 episodes, which is 40 epochs of its 10,000 episodes. */
    CODE(40);

    private final int memoryEpochs;

    AuthorsVersion(int memoryEpochs) {
        this.memoryEpochs = memoryEpochs;
    }

    /** Which one a preset follows; what V and M are trained by depends on it. */
    @Section("")
    public record Followed(AuthorsVersion authors) {}

    public static int memoryEpochs(Preset preset) {
        return Settings.of(preset, MemorySettings.class).epochs().orElse(Settings.of(preset, Followed.class).authors.memoryEpochs);
    }
}
