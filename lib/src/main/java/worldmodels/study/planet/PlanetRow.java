package worldmodels.study.planet;

import java.io.Serializable;
import java.util.Locale;
import worldmodels.planet.Dynamics;
import worldmodels.planet.PixelTask;

/**
 * One model to learn.
 *
 * @param task     on which
 * @param dynamics of which kind
 * @param seed     training seed
 */
public record PlanetRow(PixelTask task, Dynamics dynamics, long seed) implements Serializable {

    /** For the name of a folder. */
    String word() {
        return (task.name() + "-" + dynamics + "-" + seed).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }

    @Override
    public String toString() {
        return task.name() + " with " + dynamics + ", seed " + seed;
    }
}
