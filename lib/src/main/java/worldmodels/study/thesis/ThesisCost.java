package worldmodels.study.thesis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import worldmodels.run.Cost;
import worldmodels.run.Preset;
import worldmodels.study.carracing.CarRacingCost;
import worldmodels.study.carracing.MemorySettings;
import worldmodels.vision.Objective;
import worldmodels.vision.VisionModels;

/** What the comparison of V takes beyond the experiment's own agent, which is one of those compared. */
public final class ThesisCost {

    private ThesisCost() {}

    /** @param speed of this machine; 1 for the reference machine */
    public static List<Cost> stages(Preset preset, double speed) {
        List<Preset> others = VisionComparison.compared(preset).stream().filter(other -> !VisionComparison.isOwn(preset, other)).toList();
        List<Cost> stages = new ArrayList<>(stages(preset, others, "them", speed));
        CarRacingCost cost = new CarRacingCost(preset, speed);
        List<Preset> rated = VisionComparison.rated(preset);
        for (Preset other : rated) {
            stages.add(vision(other, String.format(Locale.ROOT, ", %.0f nats", Objective.of(other).rate()), cost.frames(), speed));
        }
        stages.add(cost.encoding("encoding at these rates", rated.size() * cost.frames()));
        return stages;
    }

    /**
     * Of contenders whose frames are the experiment's.
     *
     * @param whom they are called in the stages' names
     */
    public static List<Cost> stages(Preset preset, List<Preset> others, String whom, double speed) {
        List<Cost> stages = new ArrayList<>();
        CarRacingCost cost = new CarRacingCost(preset, speed);
        double frames = cost.chains() * cost.frames();
        for (Preset other : others) {
            stages.add(vision(other, ", z " + other.text("vision.latent"), frames, speed));
        }
        double agents = (double) others.size() * cost.chains();
        stages.add(cost.encoding("encoding for " + whom, others.size() * frames));
        stages.add(cost.memory("M of " + whom, others.size() * frames * MemorySettings.epochs(preset)));
        stages.add(cost.acting("C on z and h of " + whom, agents * cost.search()));
        stages.add(cost.evaluation("evaluation of " + whom, agents));
        return stages;
    }

    private static Cost vision(Preset preset, String which, double frames, double speed) {
        return new CarRacingCost(preset, speed).vision(VisionModels.of(preset).label() + which, VisionModels.of(preset), frames);
    }
}
