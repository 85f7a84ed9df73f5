package worldmodels.study.panda;

import java.util.Locale;
import worldmodels.env.panda.PandaControl;
import worldmodels.env.panda.PandaReward;
import worldmodels.vision.VisionKind;

/**
 * One world model that reaches.
 *
 * @param vision  V, as presets name it
 * @param control what an action moves, for V, M and C alike
 * @param reward  whose sum C is evolved on
 * @param sight   what C sees
 */
public record ReachRow(String vision, PandaControl control, PandaReward reward, Sight sight) {

    /** What is acted on. */
    public PandaTask task() {
        return new PandaTask(control, reward);
    }

    /** V as tables and pictures have it. */
    public String visionLabel() {
        return VisionKind.parse(vision).label();
    }

    /** For the name of a folder. */
    String word() {
        return (vision + "-" + control + "-" + reward + "-" + sight).toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String toString() {
        return vision + ", " + task() + ", C sees " + sight.label();
    }
}
