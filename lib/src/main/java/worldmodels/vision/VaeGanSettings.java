package worldmodels.vision;

import worldmodels.run.KitException;
import worldmodels.run.Settings.Above;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Most;
import worldmodels.run.Settings.Section;

/**
 * How a {@link VaeGan} is trained.
 *
 * @param batch        pictures per step
 * @param epochs       how often each picture is seen
 * @param channels     of the discriminator's first layer, a multiple of 16; each layer has twice those of the one before
 * @param learningRate of RMSprop at the start, for all three networks
 * @param decay        what the rate is multiplied with over an epoch, a little at each step
 * @param gamma        γ, what the likelihood counts in the decoder's objective where being taken for a frame counts 1
 * @param pixels       what a squared error of pixels and colours counts in the likelihood beside the features; 0 in the paper
 * @param equilibrium  the discriminator's loss of an even game, in nats
 * @param margin       beyond which one of the two rests: the discriminator below, the decoder above
 * @param won          a discriminator whose losses are all below this, in nats, is winning
 * @param patience     steps in a row after which it has won
 */
@Section("vaegan")
public record VaeGanSettings(@Least(1) int batch, @Least(1) int epochs, @Least(16) int channels, @Above(0) float learningRate,
        @Above(0) @Most(1) float decay, @Above(0) float gamma, @Least(0) float pixels, @Above(0) float equilibrium, @Above(0) float margin, @Least(0) float won,
        @Least(1) int patience) {

    private static final int BLOCK = 16;

    public VaeGanSettings {
        if (channels % BLOCK != 0) {
            throw new KitException("Setting vaegan.channels cannot be " + channels + "; it is a multiple of " + BLOCK + ".");
        }
        if (won >= equilibrium - margin) {
            throw new KitException("Setting vaegan.won cannot be " + won + "; a discriminator rests below " + (equilibrium - margin)
                    + " (vaegan.equilibrium - vaegan.margin), and has won when resting did not help.");
        }
    }
}
