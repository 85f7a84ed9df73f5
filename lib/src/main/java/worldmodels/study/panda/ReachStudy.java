package worldmodels.study.panda;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import worldmodels.agent.LatentChoice;
import worldmodels.env.panda.PandaControl;
import worldmodels.env.panda.PandaReward;
import worldmodels.env.panda.PandaVersion;
import worldmodels.evolution.CmaEs;
import worldmodels.evolution.Evolution;
import worldmodels.run.Preset;
import worldmodels.run.Settings;
import worldmodels.run.Settings.Above;
import worldmodels.run.Settings.Key;
import worldmodels.run.Settings.Least;
import worldmodels.vision.Objective;
import worldmodels.vision.VisionKind;

/**
 * What a preset says of reaching with a world model. The first of each list is the row that the others differ from in one thing.
 *
 * @param seed               of the first chain
 * @param seeds              whole chains behind each row, each with a seed of its own
 * @param version            of the task
 * @param latentChoice       which z C and M see
 * @param evaluationEpisodes on goals that nothing was learned from
 * @param controls           what an action moves
 * @param visions            V
 * @param rewards            what C is evolved on
 * @param sights             what C sees
 * @param latent             numbers in z
 * @param likelihood         by which V is trained; {@code AUTHORS} leaves each its own loss
 * @param episodes           of random actions, 50 steps each
 * @param validation         of them, that V and M never learn from
 * @param held               steps of a random action
 * @param visionEpochs       how often V sees each picture
 * @param visionBatch        pictures of a step of its training, but for an NVAE's
 * @param visionRate         its learning rate, likewise
 * @param nvaeEpochs         how often an NVAE does, whose batches are smaller
 * @param hidden             units of M
 * @param memoryEpochs       how often M sees each episode
 * @param steps              of a training episode of C
 * @param population         candidates of a generation
 * @param rollouts           goals that each of them reaches for
 * @param generations        in all
 * @param sigma              first step size
 * @param selectionEvery     generations between trials of the distribution mean
 * @param selectionGoals     of such a trial
 * @param averaged           generations whose means are averaged before it
 */
@Settings.Section("reach")
public record ReachStudy(@Key("seed") long seed, @Least(1) int seeds, @Key("panda.version") PandaVersion version,
        @Key("agent.latent") LatentChoice latentChoice, @Key("panda.evaluationEpisodes") @Least(1) int evaluationEpisodes, List<PandaControl> controls,
        List<VisionKind> visions, List<PandaReward> rewards, List<Sight> sights, @Least(1) int latent, Objective.Likelihood likelihood,
        @Least(2) int episodes, @Least(1) int validation, @Least(1) int held, @Least(1) int visionEpochs, @Least(1) int visionBatch,
        @Above(0) float visionRate, @Least(1) int nvaeEpochs, @Least(1) int hidden,
        @Least(1) int memoryEpochs, @Least(1) int steps, @Least(2) int population, @Least(1) int rollouts, @Least(1) int generations, @Above(0) double sigma,
        @Least(1) int selectionEvery, @Least(1) int selectionGoals, @Least(1) int averaged) {

    public static ReachStudy of(Preset preset) {
        return Settings.of(preset, ReachStudy.class);
    }

    /** Every control with every sight on the first V and reward; the other Vs and rewards on the first control. */
    public List<ReachRow> rows() {
        Set<ReachRow> rows = new LinkedHashSet<>();
        controls.forEach(control -> sights.forEach(sight -> rows.add(new ReachRow(visions.getFirst().name(), control, rewards.getFirst(), sight))));
        visions.forEach(vision -> sights.forEach(sight -> rows.add(new ReachRow(vision.name(), controls.getFirst(), rewards.getFirst(), sight))));
        rewards.forEach(reward -> rows.add(new ReachRow(visions.getFirst().name(), controls.getFirst(), reward, sights.getFirst())));
        return new ArrayList<>(rows);
    }

    /**
     * The preset of the parts that CarRacing has too: V of 1 x 1 cells and few numbers (the thesis' choice for this task), M, both as long as this
     * preset says.
     */
    Preset parts(Preset preset, String vision) {
        return preset.with("model.vision", vision).with("vision.latent", String.valueOf(latent)).with("objective.likelihood", likelihood.name())
                .with("vision.epochs", String.valueOf(visionEpochs)).with("vision.batch", String.valueOf(visionBatch))
                .with("vision.learningRate", String.valueOf(visionRate)).with("nvae.epochs", String.valueOf(nvaeEpochs)).with("nvae.pointwise", "true")
                .with("nvae.groupsAt32", "0").with("memory.hidden", String.valueOf(hidden)).with("memory.sequence", "49")
                .with("memory.epochs", String.valueOf(memoryEpochs));
    }

    Evolution.Settings search() {
        return new Evolution.Settings(population, sigma, generations, rollouts, selectionEvery, selectionGoals, averaged, CmaEs.Sampling.INDEPENDENT, CmaEs.Shape.FULL);
    }
}
