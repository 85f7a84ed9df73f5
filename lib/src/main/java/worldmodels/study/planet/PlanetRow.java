package worldmodels.study.planet;

import java.util.Locale;
import worldmodels.env.control.ControlTask;
import worldmodels.planet.Dynamics;

/**
 * One model to learn.
 *
 * @param task     on which
 * @param dynamics of which kind
 * @param seed     training seed
 */
public record PlanetRow(ControlTask task, Dynamics dynamics, long seed) {

    /** For the name of a folder. */
    String word() {
        return task.id().replace('_', '-') + "-" + dynamics.name().toLowerCase(Locale.ROOT) + "-" + seed;
    }

    @Override
    public String toString() {
        return task.id() + " with " + dynamics + ", seed " + seed;
    }
}
