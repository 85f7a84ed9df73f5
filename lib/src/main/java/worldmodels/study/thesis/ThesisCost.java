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
        List<Preset> others = VisionComparison.compared(preset).stream().filter(other -> !isOwn(preset, other)).toList();
        CarRacingCost cost = new CarRacingCost(preset, speed);
        double frames = cost.chains() * cost.frames();
        for (Preset other : others) {
            stages.add(new CarRacingCost(other, speed).vision(VisionModels.of(other).label() + ", z " + other.text("vision.latent"), VisionModels.of(other), frames));
        }
        double agents = (double) others.size() * cost.chains();
        stages.add(cost.encoding("encoding for them", others.size() * frames));
        stages.add(cost.memory("their M", others.size() * frames * MemorySettings.epochs(preset)));
        stages.add(cost.acting("their C on z and h", agents * cost.search()));
        stages.add(cost.evaluation("their evaluation", agents));
        return stages;
    }

    private static boolean isOwn(Preset preset, Preset other) {
        return List.of("model.vision", "vision.latent").stream().allMatch(key -> preset.text(key).equals(other.text(key)));
    }
}
