package worldmodels.study.panda;

import java.util.ArrayList;
import java.util.List;
import worldmodels.env.panda.PandaReach;
import worldmodels.run.Cost;
import worldmodels.run.Preset;
import worldmodels.vision.VisionModels;

/** What reaching will cost: steps that are learned from, an update with each. */
public final class PandaCost {

    /** Of the reference machine, per second, with a learner at work on each of its two cores, test episodes included. */
    private static final double STEPS = 500;
    private static final double PPO_STEPS = 5_000;
    /** Pictures per second on both, and steps of agents with V and M. */
    private static final double PICTURES = 1_300;
    private static final double ACTING = 1_200;

    private PandaCost() {}

    /** The grid. */
    public static List<Cost> stages(Preset preset, double speed) {
        PandaStudy study = PandaStudy.of(preset);
        PandaPpo ppo = PandaPpo.of(preset);
        return List.of(new Cost("reaching without a model", (double) study.rows().size() * study.seeds() * study.steps(), "steps", speed * STEPS),
                new Cost("reaching by PPO", (double) ppo.tasks().size() * study.seeds() * ppo.steps(), "steps", speed * PPO_STEPS));
    }

    /** The world model's: pictures of each control, a V for each V and control that a row has, C for each row, as often as there are seeds. */
    public static List<Cost> worldModel(Preset preset, double speed) {
        ReachStudy study = ReachStudy.of(preset);
        double frames = (double) study.seeds() * study.episodes() * PandaReach.STEPS;
        List<Cost> stages = new ArrayList<>();
        stages.add(new Cost("pictures of reaching", frames * study.controls().size(), "pictures", speed * PICTURES));
        study.rows().stream().map(row -> List.of(row.vision(), row.control())).distinct().map(of -> (String) of.getFirst()).forEach(vision -> {
            Preset parts = study.parts(preset, vision);
            stages.add(new Cost("V for reaching, " + vision, frames * VisionModels.of(parts).epochs(parts), "frames", speed * VisionModels.of(parts).framesPerSecond(parts)));
        });
        double generation = study.population() * study.rollouts() * study.steps() + (double) study.selectionGoals() * PandaReach.STEPS / study.selectionEvery();
        stages.add(new Cost("C for reaching", (double) study.seeds() * study.rows().size() * study.generations() * generation, "steps", speed * ACTING));
        return stages;
    }
}
