package worldmodels.dream;

import worldmodels.run.KitException;

/**
 * How M dreams.
 *
 * @param temperature τ: the mixtures' logits are divided by it, their noise is multiplied by √τ (Ha and Schmidhuber 2018, section 4.3)
 * @param horizon     steps after which a dream is cut off
 * @param endReward   added when the episode ends by itself; -100 in CarRacing, where the car left the field
 * @param curiosity   reward for each nat of M's loss on what it dreams; where M is unsure of what comes, that is much (Ha and Schmidhuber 2018,
 *                    section 5, propose M's loss in the real environment; in the dream it is the loss that M itself expects)
 */
public record DreamSettings(double temperature, int horizon, double endReward, double curiosity) {

    public DreamSettings {
        if (!(temperature > 0) || horizon < 1 || !Double.isFinite(endReward) || !(curiosity >= 0 && Double.isFinite(curiosity))) {
            throw new KitException("A dream at temperature " + temperature + " of " + horizon + " steps with " + endReward + " for its end and "
                    + curiosity + " for a nat of surprise is not possible; temperature and horizon must be above 0, curiosity 0 or more.");
        }
    }

    /** CarRacing's: -100 beyond the field. */
    public static DreamSettings carRacing(double temperature, int horizon) {
        return new DreamSettings(temperature, horizon, -100, 0);
    }

    /** These dreams for a driver who also wants to see what M does not know. */
    public DreamSettings curious(double curiosity) {
        return new DreamSettings(temperature, horizon, endReward, curiosity);
    }
}
