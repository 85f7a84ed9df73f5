package worldmodels.study.panda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.agent.LatentEnvironments.Beside;
import worldmodels.env.mujoco.MuJoCo;
import worldmodels.env.mujoco.OffscreenGl;
import worldmodels.env.panda.PandaControl;
import worldmodels.env.panda.PandaReach;
import worldmodels.env.panda.PandaReward;
import worldmodels.env.panda.PandaVersion;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.report.KeptStages;
import worldmodels.report.Reevaluated;
import worldmodels.run.KitException;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Stage;

class ReachExperimentTest {

    @TempDir
    Path work;

    private static Preset tiny() {
        assumeTrue(MuJoCo.isAvailable() && OffscreenGl.problem() == null, "MuJoCo draws here");
        Preset preset = Preset.named("smoke").with("reach.visions", "CONV_VAE");
        for (Map.Entry<String, String> change : Map.of("reach.episodes", "6", "reach.validation", "2", "reach.visionEpochs", "1", "reach.memoryEpochs", "1",
                "reach.generations", "2", "reach.steps", "4", "reach.population", "4", "reach.selectionGoals", "2", "panda.evaluationEpisodes", "3",
                "reach.visionBatch", "20").entrySet()) {
            preset = preset.with(change.getKey(), change.getValue());
        }
        return preset;
    }

    @Test
    void rowsDifferFromTheFirstInOneThing() {
        List<String> rows = ReachStudy.of(Preset.named("laptop")).rows().stream().map(ReachRow::word).toList();
        assertEquals(List.of("nvae-end-effector-dense-goal", "nvae-end-effector-dense-pictures", "nvae-joints-dense-goal", "nvae-joints-dense-pictures",
                "conv-vae-end-effector-dense-goal", "conv-vae-end-effector-dense-pictures", "nvae-end-effector-sparse-goal"), rows);
    }

    @Test
    void theGoalIsToldWhereItIsToBeSeen() {
        tiny();
        try (PandaReach arm = new PandaReach(PandaControl.JOINTS, PandaReward.DENSE, PandaVersion.V2)) {
            arm.resetTo(new double[] {0.15, -0.15, 0.15});
            FloatBuffer told = FloatBuffer.allocate(3);
            Beside goal = Sight.GOAL.beside(lane -> arm);
            goal.put(0, told);
            assertEquals(3, goal.size());
            assertEquals(List.of(1f, -1f, 0f), List.of(told.get(0), told.get(1), told.get(2)));
            assertEquals(0, Sight.PICTURES.beside(lane -> arm).size());
        }
    }

    @Test
    void aChainLearnsToActAndIsTriedOnUnseenGoalsAndAgain(@TempDir Path kept, @TempDir Path scratch) throws Exception {
        Preset preset = tiny();
        try (ReachExperiment experiment = ReachExperiment.open(preset, work)) {
            ReachRow row = experiment.settings().rows().getFirst();
            ReachRow blind = experiment.settings().rows().getLast();
            Reaches reaches = experiment.evaluation(row, Progress.NONE);
            assertEquals(3, reaches.episodes().size());
            assertTrue(reaches.episodes().stream().allMatch(each -> TrackSeeds.of(each.goal()) == TrackSeeds.TEST && each.length() == PandaReach.STEPS));
            ReachChain chain = experiment.chains().getFirst();
            assertEquals((8 + 16 + 3 + 1) * 3, chain.controller(row, Progress.NONE).weights().length);
            assertEquals((8 + 16 + 1) * 3, chain.controller(blind, Progress.NONE).weights().length);
            assertEquals(2, chain.controller(row, Progress.NONE).history().size());
            ReachFilm film = chain.film(row, TrackSeeds.SELECT.seed(0), 3, Progress.NONE);
            assertEquals(List.of(4, 4, 4), List.of(film.frames().size(), film.decoded().size(), film.distances().size()));
            List<ReachProbe> probes = chain.probes(row, Progress.NONE);
            assertEquals(List.of("hand x", "hand y", "hand z", "goal x", "goal y", "goal z"), probes.stream().map(ReachProbe::what).toList());
            assertTrue(probes.stream().allMatch(probe -> probe.share() <= 1 && probe.mean() > 0));
            double[] probing = chain.probing(row, Progress.NONE);
            assertEquals(0.15, probing[(8 + 16 + 1) * 3], 1e-12, "the goal's x moves the hand along x");
            assertEquals(0, probing[(8 + 16 + 2) * 3], "and its y does not");
            assertEquals(0, probing[9 * 3], "h says nothing");
            assertNotEquals(0, probing[4], "z does");
            assertEquals(3, chain.trial(row, probing, Progress.NONE).episodes().size());
            assertThrows(KitException.class, () -> chain.probing(blind, Progress.NONE));
            assertEquals(2, chain.unseen(row, 4, 0, Progress.NONE).size());
            assertEquals(4, ReachTables.rows(experiment, Progress.NONE).csv().lines().filter(line -> line.contains("thesis")).count());
            assertEquals(1 + 6, ReachTables.probes(experiment, Progress.NONE).csv().lines().count());
            assertTrue(ReachFigures.searches(Map.of("goal", chain.controller(row, Progress.NONE))).image().getWidth() > 100);
            for (Stage stage : experiment.evaluations(row).getFirst().ancestry()) {
                if (!KeptStages.isData(stage)) {
                    KeptStages.copy(stage, Files.createDirectories(kept.resolve(stage.folder().getFileName())));
                }
            }
            List<Reevaluated> again = ReachExperiment.reachAgain(preset, kept, scratch, Progress.NONE);
            assertEquals(1, again.size(), "the rows that are kept");
            assertTrue(again.getFirst().isIdentical(), again::toString);
        }
    }

    @Test
    void chainsHaveEverythingOfTheirOwn() {
        try (ReachExperiment experiment = ReachExperiment.open(Preset.named("laptop").with("reach.seeds", "2"), work)) {
            ReachRow row = experiment.settings().rows().getFirst();
            assertEquals(List.of(1L, 2L), experiment.chains().stream().map(ReachChain::seed).toList());
            List<List<String>> keys = experiment.evaluations(row).stream().map(stage -> stage.ancestry().stream().map(Stage::key).toList()).toList();
            for (int i = 0; i < keys.get(0).size(); i++) {
                assertNotEquals(keys.get(0).get(i), keys.get(1).get(i));
            }
        }
    }
}
