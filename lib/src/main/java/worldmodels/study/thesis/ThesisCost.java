package worldmodels.study.thesis;

import java.util.ArrayList;
import java.util.List;
import worldmodels.run.Cost;
import worldmodels.run.Preset;
import worldmodels.study.carracing.CarRacingCost;
import worldmodels.study.carracing.MemorySettings;
import worldmodels.vision.VisionModels;

/** What the comparison of V takes beyond the experiment's own agent, which is one of those compared. */
public final class ThesisCost {

    private ThesisCost() {}

    /** @param speed of this machine; 1 for the reference machine */
    public static List<Cost> stages(Preset preset, double speed) {
        List<Cost> stages = new ArrayList<>();
        List<Preset> others = VisionComparison.compared(preset).stream().filter(other -> !VisionComparison.isOwn(preset, other)).toList();
        CarRacingCost cost = new CarRacingCost(preset, speed);
        double frames = cost.chains() * cost.frames();
        for (Preset other : others) {
            stages.add(vision(other, ", z " + other.text("vision.latent"), frames, speed));
        }
        List<Preset> rated = VisionComparison.rated(preset);
        for (Preset other : rated) {
            stages.add(vision(other, ", " + other.text("objective.rate") + " nats", cost.frames(), speed));
        }
        double agents = (double) others.size() * cost.chains();
        stages.add(cost.encoding("encoding for them", others.size() * frames + rated.size() * cost.frames()));
        stages.add(cost.memory("their M", others.size() * frames * MemorySettings.epochs(preset)));
        stages.add(cost.acting("their C on z and h", agents * cost.search()));
        stages.add(cost.evaluation("their evaluation", agents));
        return stages;
    }

    private static Cost vision(Preset preset, String which, double frames, double speed) {
        return new CarRacingCost(preset, speed).vision(VisionModels.of(preset).label() + which, VisionModels.of(preset), frames);
    }
}
