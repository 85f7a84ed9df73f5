package worldmodels.memory;

import java.io.Serializable;
import java.util.Map;
import worldmodels.run.KitException;
import worldmodels.run.Settings;

/**
 * How large M is and what it predicts.
 *
 * @param latent   Z, length of z
 * @param actions  length of an action
 * @param hidden   H, units of the LSTM; 256 for CarRacing, 512 for Doom
 * @param mixtures K, Gaussians per latent dimension; 5
 * @param reward   whether one more output predicts the step's reward (not in the authors' CarRacing model)
 * @param done     whether one more output predicts the log odds that the episode ends (in the authors' Doom model only)
 */
public record MdnRnnShape(int latent, int actions, int hidden, int mixtures, boolean reward, boolean done) implements Serializable {

    public MdnRnnShape {
        if (latent < 1 || actions < 1 || hidden < 1 || mixtures < 1) {
            throw new KitException("A memory of " + latent + " latents, " + actions + " actions, " + hidden + " hidden units and "
                    + mixtures + " mixtures is not possible; each must be at least 1.");
        }
    }

    /** The authors' CarRacing model: 256 units, 5 mixtures, no heads; 422,368 parameters at z = 32 and 3 actions. */
    public static MdnRnnShape carRacing(int latent) {
        return new MdnRnnShape(latent, 3, 256, 5, false, false);
    }

    /** This model with heads for reward and end, which a dream needs, or without. */
    public MdnRnnShape withHeads(boolean reward, boolean done) {
        return new MdnRnnShape(latent, actions, hidden, mixtures, reward, done);
    }

    /** Length of one input: [z a]. */
    public int inputs() {
        return latent + actions;
    }

    /** How many outputs the mixtures take: logits, means and log sigmas, 3 K Z. */
    public int mixtureOutputs() {
        return 3 * mixtures * latent;
    }

    /** Length of one output: the mixtures', then the reward's, then the end's. */
    public int outputs() {
        return mixtureOutputs() + (reward ? 1 : 0) + (done ? 1 : 0);
    }

    /** 4 H (inputs + H + 1) for the LSTM and (H + 1) outputs for what reads it; a head is H + 1 more. */
    public long parameterCount() {
        return 4L * hidden * (inputs() + hidden + 1) + (hidden + 1L) * outputs();
    }

    /** The settings that a checkpoint must share with the model that reads it. */
    Map<String, String> settings() {
        return Settings.text(this);
    }
}
