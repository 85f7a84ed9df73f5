package worldmodels.planet;

import java.util.Locale;
import worldmodels.env.ActionRepeat;
import worldmodels.env.Environment;
import worldmodels.env.TimeLimit;
import worldmodels.env.control.ControlEnvironment;
import worldmodels.env.control.ControlTask;
import worldmodels.env.control.Pictures;

/**
 * A task of the Control Suite as PlaNet meets it.
 *
 * @param task     which
 * @param steps    control steps of an episode, at most the suite's 1000
 * @param pictures how it is drawn
 */
public record ControlPixels(ControlTask task, int steps, Pictures pictures) implements PixelTask {

    @Override
    public String name() {
        return pictures == Pictures.EXACT ? task.id() : task.id() + ", " + pictures.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    @Override
    public Environment environment() {
        return limited(task.repeated(pictures));
    }

    /** Without pictures: the observation is the state, the dynamics are as they were. */
    public Environment stateEnvironment() {
        return limited(new ActionRepeat(ControlEnvironment.ofState(task), task.actionRepeat()));
    }

    private Environment limited(Environment repeated) {
        return steps >= ControlEnvironment.CONTROL_STEPS ? repeated : new TimeLimit(repeated, decisions());
    }

    /** Decisions of an episode. */
    public int decisions() {
        return Math.max(1, Math.min(steps, ControlEnvironment.CONTROL_STEPS) / task.actionRepeat());
    }

    @Override
    public int actionRepeat() {
        return task.actionRepeat();
    }
}
