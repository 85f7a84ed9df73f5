package worldmodels.planet;

import java.io.Serializable;
import worldmodels.env.Environment;
import worldmodels.env.Space;

/**
 * What PlaNet asks of a task: pictures, actions with bounds, and an end. {@link ControlPixels} has the tasks of the paper; {@link CarRacingPixels} shows
 * how any other environment becomes one.
 */
public interface PixelTask extends Serializable {

    /** As tables print it, e.g. {@code cartpole_swingup}; stages are keyed by it, so it says whatever makes the task another one. */
    String name();

    /** Makes one: uint8 pictures of 64 x 64 in colour, actions already repeated, episodes that end by themselves. */
    Environment environment();

    /** What its actions are. */
    default Space actions() {
        try (Environment one = environment()) {
            return one.actionSpace();
        }
    }

    /** Simulator steps per step of the environment, for counting. */
    int actionRepeat();
}
