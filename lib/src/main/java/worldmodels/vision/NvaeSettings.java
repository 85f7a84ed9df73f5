package worldmodels.vision;

import worldmodels.run.KitException;
import worldmodels.run.Settings.Above;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Section;
import worldmodels.vision.nvae.NvaeShape;

/**
 * How an {@link Nvae} is made and trained.
 *
 * @param batch          pictures per step; at least 2, since batch normalisation needs others to compare with
 * @param epochs         how often each picture is seen
 * @param learningRate   of Adamax at its height; it falls to 1e-4
 * @param regularisation λ; 0.1 in the thesis
 * @param unseen         share of a batch's pictures whose lower groups are filled in from the priors, so that the top vector learns to carry the
 *                       scene
 */
@Section("nvae")
public record NvaeSettings(NvaeShape shape, @Least(2) int batch, @Least(1) int epochs, @Above(0) float learningRate,
        @Least(0) float regularisation, @Least(0) float unseen) {

    public NvaeSettings {
        if (unseen >= 1) {
            throw new KitException("Setting nvae.unseen cannot be " + unseen + "; it is a share from 0 up to, not including, 1.");
        }
    }

    /** With a decoder of another shape. */
    NvaeSettings with(NvaeShape other) {
        return new NvaeSettings(other, batch, epochs, learningRate, regularisation, unseen);
    }
}
