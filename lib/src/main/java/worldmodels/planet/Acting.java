package worldmodels.planet;

import java.util.SortedMap;
import worldmodels.run.KitException;
import worldmodels.run.Settings;

/**
 * How a learned model acts, which is no part of what it has learned: a kept model can be tried with another planner, horizon or noise.
 *
 * @param planner its settings
 * @param imagining how the planner's candidates are imagined
 * @param noise   deviation of the noise on actions within [-1, 1]; 0 in tests
 */
public record Acting(CrossEntropyPlanner.Settings planner, Imagining imagining, double noise) {

    /** @throws KitException if the noise is negative or not a number */
    public Acting {
        if (!(noise >= 0)) {
            throw new KitException("Noise on actions has a deviation of at least 0, not " + noise + ".");
        }
    }

    /** For a stage's key: the planner's settings and {@code planet.noise}. */
    public SortedMap<String, String> text() {
        SortedMap<String, String> text = Settings.text(planner);
        text.putAll(Settings.text(imagining));
        text.put("planet.noise", String.valueOf(noise));
        return text;
    }
}
