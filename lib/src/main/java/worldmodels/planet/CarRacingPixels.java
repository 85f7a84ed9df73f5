package worldmodels.planet;

import worldmodels.env.ActionRepeat;
import worldmodels.env.Environment;
import worldmodels.env.TimeLimit;
import worldmodels.env.WorldModelsFrame;
import worldmodels.env.carracing.CarRacing;

/**
 * CarRacing as a task for PlaNet, and the example of a task of one's own: the pictures are World Models frames of 64 x 64, an action is held for some
 * steps, and an episode is cut off. Steering, gas and brake are continuous; the planner's [-1, 1] is stretched to each one's bounds, so that 0 is half
 * gas and half brake.
 *
 * @param actionRepeat steps for which an action is held
 * @param steps        environment steps of an episode, 1000 in Gymnasium
 */
public record CarRacingPixels(int actionRepeat, int steps) implements PixelTask {

    @Override
    public String name() {
        return "car_racing, " + steps + " steps, actions repeated " + actionRepeat + " times";
    }

    @Override
    public Environment environment() {
        return new TimeLimit(new ActionRepeat(WorldModelsFrame.cropped(new CarRacing()), actionRepeat), steps / actionRepeat);
    }
}
