package worldmodels.study.carracing;

import worldmodels.memory.MdnRnnSettings;
import worldmodels.memory.MdnRnnShape;
import worldmodels.nn.AuthorsVersion;
import worldmodels.nn.Epochs;
import worldmodels.run.Preset;
import worldmodels.run.Settings;
import worldmodels.run.Settings.Above;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Section;

/**
 * M's.
 *
 * @param hidden       units of the LSTM
 * @param mixtures     Gaussians for each number of z
 * @param batch        sequences per step
 * @param sequence     steps to predict in each
 * @param epochs       how often each sequence is learned from
 * @param learningRate of Adam
 * @param clip         bound of each component of the gradient
 * @param trained      false leaves it as it was initialised
 */
@Section("memory")
public record MemorySettings(@Least(1) int hidden, @Least(1) int mixtures, @Least(1) int batch, @Least(1) int sequence, Epochs epochs,
                             @Above(0) float learningRate, @Above(0) float clip, boolean trained) {

    private static final int ACTIONS = 3;

    /**
     * How often a preset's M learns from each sequence: Ha and Schmidhuber's 20 epochs; the 4,000 batches of 100 episodes in their code are 40 epochs of its
     * 10,000 episodes.
     */
    public static int epochs(Preset preset) {
        return Settings.of(preset, MemorySettings.class).epochs.orElse(Settings.of(preset, AuthorsVersion.Followed.class).authors().of(20, 40));
    }

    /** CarRacing's M on z of this length, without heads. */
    public MdnRnnShape shape(int latent) {
        return new MdnRnnShape(latent, ACTIONS, hidden, mixtures, false, false);
    }

    MdnRnnSettings training(int epochs, long seed) {
        return new MdnRnnSettings(batch, sequence, epochs, learningRate, clip, 1, 1, seed);
    }
}
