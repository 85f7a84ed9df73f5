package worldmodels.study.carracing;

import worldmodels.run.KitException;
import worldmodels.run.Preset;

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

    public static int visionEpochs(Preset preset) {
        return epochs(preset, "vision.epochs", preset.choice("authors", AuthorsVersion.class).visionEpochs);
    }

    public static int memoryEpochs(Preset preset) {
        return epochs(preset, "memory.epochs", preset.choice("authors", AuthorsVersion.class).memoryEpochs);
    }

    private static int epochs(Preset preset, String key, int authors) {
        int epochs = preset.text(key).equals("authors") ? authors : preset.integer(key);
        if (epochs < 1) {
            throw new KitException("Setting " + key + " must be at least 1, not " + epochs + ".");
        }
        return epochs;
    }
}
