package worldmodels.dream;

import java.io.Serializable;
import worldmodels.run.KitException;

/**
 * How M dreams.
 *
 * @param temperature τ: the mixtures' logits are divided by it, their noise is multiplied by √τ (Ha and Schmidhuber 2018, section 4.3)
 * @param horizon     steps after which a dream is cut off
 * @param endReward   added when the episode ends by itself, and when M loses its way: running away must not be free; -100 in CarRacing, where the car
 *                    left the field
 * @param least       bound of the reward that M may promise for a step; -0.1 in CarRacing, a step without a new tile
 * @param most        the other bound; in CarRacing two tiles of the shortest road at once
 * @param curiosity   reward for each nat of M's loss on what it dreams; where M is unsure of what comes, that is much (Ha and Schmidhuber 2018,
 *                    section 5, propose M's loss in the real environment; in the dream it is the loss that M itself expects)
 * @param patience    a dream is cut off after so many steps one after the other of which M expects no reward above 0: a car that is lost in a dream finds
 *                    the road again more often than in reality; 0 waits for ever
 */
public record DreamSettings(double temperature, int horizon, double endReward, double least, double most, double curiosity, int patience)
        implements Serializable {

    /** What CarRacing charges for leaving its field. */
    public static final double LEFT_THE_FIELD = -100;

    private static final double STEP = -0.1;
    private static final double TILE = 1000.0 / 230;

    public DreamSettings {
        if (!(temperature > 0) || horizon < 1 || !Double.isFinite(endReward) || !(least <= most) || !(curiosity >= 0 && Double.isFinite(curiosity))
                || patience < 0) {
            throw new KitException("A dream at temperature " + temperature + " of " + horizon + " steps with " + endReward + " for its end, rewards between "
                    + least + " and " + most + ", " + curiosity + " for a nat of surprise and a patience of " + patience
                    + " steps is not possible; temperature and horizon must be above 0, the bounds in order, curiosity and patience 0 or more.");
        }
    }

    /** CarRacing's: -100 beyond the field. */
    public static DreamSettings carRacing(double temperature, int horizon) {
        return new DreamSettings(temperature, horizon, LEFT_THE_FIELD, STEP, STEP + 2 * TILE, 0, 0);
    }

    /** These dreams for a driver who also wants to see what M does not know. */
    public DreamSettings curious(double curiosity) {
        return new DreamSettings(temperature, horizon, endReward, least, most, curiosity, patience);
    }

    /** These dreams, cut off where so many steps bring nothing. */
    public DreamSettings patient(int patience) {
        return new DreamSettings(temperature, horizon, endReward, least, most, curiosity, patience);
    }
}
