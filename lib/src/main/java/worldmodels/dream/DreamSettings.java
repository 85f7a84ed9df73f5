package worldmodels.dream;

import worldmodels.run.KitException;

/**
 * How M dreams.
 *
 * @param temperature τ: the mixtures' logits are divided by it, their noise is multiplied by √τ (Ha and Schmidhuber 2018, section 4.3)
 * @param horizon     steps after which a dream is cut off
 * @param endReward   added when the episode ends by itself; -100 in CarRacing, where the car left the field
 */
public record DreamSettings(double temperature, int horizon, double endReward) {

    public DreamSettings {
        if (!(temperature > 0) || horizon < 1 || !Double.isFinite(endReward)) {
            throw new KitException("A dream at temperature " + temperature + " of " + horizon + " steps with " + endReward
                    + " for its end is not possible; temperature and horizon must be above 0.");
        }
    }

    /** CarRacing's: -100 beyond the field. */
    public static DreamSettings carRacing(double temperature, int horizon) {
        return new DreamSettings(temperature, horizon, -100);
    }
}
