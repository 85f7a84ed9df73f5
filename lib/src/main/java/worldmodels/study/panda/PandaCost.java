package worldmodels.study.panda;

import java.util.List;
import worldmodels.run.Cost;
import worldmodels.run.Preset;

/** What reaching will cost: steps that are learned from, an update with each. */
public final class PandaCost {

    /** Of the reference machine, per second, with a learner at work on each of its two cores, test episodes included. */
    private static final double STEPS = 500;

    private PandaCost() {}

    public static List<Cost> stages(Preset preset, double speed) {
        PandaStudy study = PandaStudy.of(preset);
        return List.of(new Cost("reaching without a model", (double) study.rows().size() * study.seeds() * study.steps(), "steps", speed * STEPS));
    }
}
