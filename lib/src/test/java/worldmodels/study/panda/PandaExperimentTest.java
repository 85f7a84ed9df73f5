package worldmodels.study.panda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.env.Environment;
import worldmodels.env.mujoco.MuJoCo;
import worldmodels.env.mujoco.OffscreenGl;
import worldmodels.env.panda.PandaControl;
import worldmodels.env.panda.PandaReach;
import worldmodels.env.panda.PandaReward;
import worldmodels.env.panda.PandaVersion;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.nn.LearningCurve;
import worldmodels.report.KeptStages;
import worldmodels.report.PublishedNumbers;
import worldmodels.report.Reevaluated;
import worldmodels.run.KitException;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Stage;
import worldmodels.run.StoppedException;
import worldmodels.study.Made;

class PandaExperimentTest {

    private static final PandaTask SPARSE = new PandaTask(PandaControl.END_EFFECTOR, PandaReward.SPARSE);

    @TempDir
    Path work;

    private static Preset tiny() {
        assumeTrue(MuJoCo.isAvailable(), "MuJoCo is not on this machine");
        return reduced();
    }

    private static Preset reduced() {
        return Preset.named("smoke").with("panda.steps", "240").with("panda.testEvery", "120").with("panda.evaluationEpisodes", "6").with("rl.starts", "60")
                .with("rl.batch", "16").with("rl.tests", "1");
    }

    @Test
    void theGridIsEveryAlgorithmOnEveryTaskWithAndWithoutHindsight() {
        List<PandaRow> rows = PandaStudy.of(Preset.named("laptop")).rows();
        assertEquals(18, rows.size());
        assertEquals(18, rows.stream().map(PandaRow::word).distinct().count());
        assertEquals("ddpg-end-effector-sparse-future", rows.getFirst().word());
        assertEquals(6, rows.stream().filter(row -> row.task().equals(new PandaTask(PandaControl.JOINTS, PandaReward.SPARSE))).count());
    }

    @Test
    void aTaskThatIsNoneIsAClearError() {
        KitException thrown = assertThrows(KitException.class, () -> PandaStudy.of(Preset.named("smoke").with("panda.tasks", "HAND SPARSE")));
        assertEquals("Setting panda.tasks of preset smoke must be a list, separated by commas, each of it one of [END_EFFECTOR, JOINTS] and, after a blank, one of"
                + " [SPARSE, DENSE], not 'HAND SPARSE'.", thrown.getMessage());
    }

    @Test
    void keysDependOnWhatDecidesTheResultAndNothingElse() {
        PandaRow row = new PandaRow(Algorithm.TD3, SPARSE, Relabelling.FUTURE);
        PandaRow forgetful = new PandaRow(Algorithm.TD3, SPARSE, Relabelling.NONE);
        Preset preset = Preset.named("laptop");
        String key = stages(preset).learning(row, 1).key();
        assertEquals(key, stages(preset.with("panda.evaluationEpisodes", "7").with("rl.temperature", "2").with("panda.seeds", "2")).learning(row, 1).key());
        assertNotEquals(key, stages(preset.with("rl.targetNoise", "0")).learning(row, 1).key());
        assertNotEquals(key, stages(preset.with("rl.goals", "3")).learning(row, 1).key());
        assertEquals(stages(preset).learning(forgetful, 1).key(), stages(preset.with("rl.goals", "3")).learning(forgetful, 1).key());
        assertNotEquals(key, stages(preset).learning(row, 2).key());
    }

    private PandaStages stages(Preset preset) {
        return new PandaStages(preset, PandaStudy.of(preset), work);
    }

    @Test
    void learnsAndIsTriedOnGoalsThatNothingWasLearnedFrom() {
        try (PandaExperiment experiment = PandaExperiment.open(tiny(), work)) {
            PandaRow row = experiment.settings().rows().getFirst();
            Reaches reaches = experiment.evaluation(row, Progress.NONE);
            assertEquals(6, reaches.episodes().size());
            assertTrue(reaches.episodes().stream().allMatch(reach -> TrackSeeds.of(reach.goal()) == TrackSeeds.TEST && reach.length() == 50));
            LearnedReach agent = experiment.learn(List.of(row), Progress.NONE).getFirst();
            assertEquals(List.of(120L, 240L), agent.successes().points().stream().map(LearningCurve.Point::step).toList());
            assertTrue(agent.returns().last().validation() < 0);
            assertEquals(reaches, experiment.evaluation(row, Progress.NONE), "kept");
        }
    }

    @Test
    void noTrainingGoalIsATestGoal() {
        assumeTrue(MuJoCo.isAvailable(), "MuJoCo is not on this machine");
        try (PandaReach task = new PandaReach(PandaControl.JOINTS, PandaReward.SPARSE, PandaVersion.V2); Environment learned = TrackSeeds.TRAIN.only(task)) {
            for (long seed : new long[] {TrackSeeds.TEST.seed(5), Long.MAX_VALUE, 5}) {
                learned.reset(seed);
                double[] wanted = task.desiredGoal();
                task.reset(TrackSeeds.TRAIN.seed(seed % 1_000_000_000));
                assertArrayEquals(task.desiredGoal(), wanted);
            }
        }
    }

    @Test
    void whatIsKeptIsSmallAndActsTheSame(@TempDir Path elsewhere) throws Exception {
        try (PandaExperiment experiment = PandaExperiment.open(tiny(), work); PandaExperiment again = PandaExperiment.open(tiny(), elsewhere)) {
            PandaRow row = experiment.settings().rows().getFirst();
            Reaches first = experiment.evaluation(row, Progress.NONE);
            Stage learned = experiment.stages().learning(row, 1);
            assertFalse(Files.exists(learned.folder().resolve("training.safetensors")), "the replay goes when nothing is left to learn");
            KeptStages.copy(learned, Files.createDirectories(elsewhere.resolve(learned.folder().getFileName())));
            assertTrue(Files.size(again.stages().learning(row, 1).folder().resolve("agent.safetensors")) < 100_000);
            assertEquals(first, again.evaluation(row, Progress.NONE));
        }
    }

    @Test
    void keptAgentsReachAgainWithoutLearning(@TempDir Path kept, @TempDir Path scratch) throws Exception {
        Preset preset = tiny().with("panda.seeds", "2");
        PandaRow row = PandaStudy.of(preset).rows().getFirst();
        try (PandaExperiment experiment = PandaExperiment.open(preset, work)) {
            experiment.evaluation(row, Progress.NONE);
            keep(experiment.stages().evaluations(row), kept);
        }
        List<Reevaluated> again = PandaExperiment.reachAgain(preset, kept, scratch, Progress.NONE);
        assertEquals(1, again.size(), "the rows that are kept");
        assertTrue(again.getFirst().isIdentical(), again::toString);
        assertEquals(12, again.getFirst().again().episodes().size());
        KitException thrown = assertThrows(KitException.class,
                () -> PandaExperiment.reachAgain(preset.with("panda.seeds", "3"), kept, work.resolve("other"), Progress.NONE));
        assertTrue(thrown.getMessage().startsWith("There is no stage panda-ddpg-end-effector-dense-future-3"), thrown.getMessage());
    }

    private static void keep(List<Stage> evaluations, Path kept) throws Exception {
        for (Stage stage : evaluations.stream().flatMap(each -> each.ancestry().stream()).toList()) {
            KeptStages.copy(stage, Files.createDirectories(kept.resolve(stage.folder().getFileName())));
        }
    }

    @Test
    void ppoIsARowOfTheGridAndReachesAgain(@TempDir Path kept, @TempDir Path scratch) throws Exception {
        Preset preset = tiny().with("panda.ppo.steps", "2048").with("panda.seeds", "2");
        PandaTask task = PandaStudy.of(preset).tasks().getFirst();
        try (PandaExperiment experiment = PandaExperiment.open(preset, work)) {
            assertEquals(12, experiment.ppo().evaluation(task, Progress.NONE).episodes().size());
            List<LearningCurve> successes = experiment.ppo().successes(task, Progress.NONE);
            assertEquals(2, successes.size());
            assertEquals(2048, successes.getFirst().last().step(), "steps of the environment, not updates");
            assertTrue(successes.stream().flatMap(curve -> curve.points().stream()).allMatch(point -> point.validation() >= 0 && point.validation() <= 1));
            keep(experiment.ppo().evaluations(task), kept);
        }
        List<Reevaluated> again = PandaExperiment.reachAgain(preset, kept, scratch, Progress.NONE);
        assertEquals(List.of("PPO, end effector, dense"), again.stream().map(Reevaluated::agent).toList());
        assertTrue(again.getFirst().isIdentical(), again::toString);
    }

    @Test
    void aFilmShowsTheEpisodeThatIsPlayed() {
        tiny();
        assumeTrue(OffscreenGl.problem() == null, "MuJoCo draws here");
        PandaFilm film = PandaFilm.of(SPARSE, new Proportional(), TrackSeeds.SELECT.seed(1), 8, 64);
        assertEquals(9, film.frames().size());
        assertTrue(film.distances().getFirst() > 0.05 && film.distances().getLast() < 0.05, film.distances()::toString);
        assertFalse(Arrays.equals(film.frames().getFirst().rgb(), film.frames().getLast().rgb()));
    }

    @Test
    void anInterruptedRowGoesOnFromItsReplay(@TempDir Path elsewhere) throws InterruptedException {
        Preset preset = tiny().with("panda.steps", "600");
        PandaRow row = PandaStudy.of(preset).rows().getLast();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        try (PandaExperiment experiment = PandaExperiment.open(preset, work); PandaExperiment whole = PandaExperiment.open(preset, elsewhere)) {
            Thread learning = Thread.ofPlatform().start(() -> {
                try {
                    experiment.learn(List.of(row), new StoppingAt(200));
                } catch (RuntimeException e) {
                    thrown.set(e);
                }
            });
            learning.join();
            assertInstanceOf(StoppedException.class, thrown.get());
            Path training = experiment.stages().learning(row, 1).folder().resolve("training.safetensors");
            assertTrue(Files.exists(training));
            Stage resumed = experiment.learn(List.of(row), Progress.NONE).getFirst().stage();
            assertEquals(Made.by(whole.learn(List.of(row), Progress.NONE).getFirst().stage()), Made.by(resumed));
        }
    }

    /** Interrupts the thread that is shown how far it is. */
    private record StoppingAt(long step) implements Progress {

        @Override
        public void start(String work, long total, String unit) {}

        @Override
        public void at(long completed, String note) {
            if (completed >= step) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void done(String note) {}
    }

    @Test
    void theYardsticksAreThoseOfTheOriginal() {
        try (PandaExperiment experiment = PandaExperiment.open(tiny().with("panda.evaluationEpisodes", "60").with("panda.version", "V3"), work)) {
            Reaches proportional = experiment.evaluationOfProportional(SPARSE, Progress.NONE);
            assertEquals(100, proportional.success().mean());
            // panda-gym on PyBullet: -1.665 +/- 0.844, first there after 2.665 steps, of 200 goals.
            assertEquals(-1.665, proportional.returns().mean(), 3 * 0.844 / Math.sqrt(60));
            assertEquals(2.665, proportional.stepsToSuccess().orElseThrow().mean(), 3 * 0.844 / Math.sqrt(60));
            // 17 % of 200; three standard deviations of 60.
            assertEquals(17, experiment.evaluationOfRandomActions(SPARSE, Progress.NONE).reached().mean(), 15);
            KitException thrown = assertThrows(KitException.class,
                    () -> experiment.evaluationOfProportional(new PandaTask(PandaControl.JOINTS, PandaReward.SPARSE), Progress.NONE));
            assertTrue(thrown.getMessage().contains("moves the tool"), thrown.getMessage());
        }
    }

    @Test
    void successIsAtTheEndAndStepsCountWhereItWasEver() {
        Reaches reaches = new Reaches(List.of(new Reach(1, 3_000_000_000L, -2, 50, 3, true), new Reach(1, 3_000_000_001L, -48, 50, 5, false),
                new Reach(1, 3_000_000_002L, -50, 50, Reach.NEVER, false), new Reach(2, 3_000_000_000L, -50, 50, Reach.NEVER, false)));
        assertEquals(25, reaches.success().mean());
        assertEquals(50, reaches.reached().mean());
        assertEquals(4, reaches.stepsToSuccess().orElseThrow().mean());
        assertEquals(-37.5, reaches.returns().mean());
        assertEquals(2, reaches.success().k());
        assertTrue(new Reaches(reaches.episodes().subList(2, 3)).stepsToSuccess().isEmpty());
    }

    @Test
    void aMarkIsPassedWhereTheMeanOfTheSeedsIs() {
        LearningCurve slow = LearningCurve.EMPTY.and(500, 0, 0.1).and(1000, 0, 0.6).and(1500, 0, 1);
        LearningCurve fast = LearningCurve.EMPTY.and(500, 0, 0.9).and(1000, 0, 0.8).and(1500, 0, 1);
        assertEquals(OptionalLong.of(500), PandaTables.passes(List.of(slow, fast), 50));
        assertEquals(OptionalLong.of(1000), PandaTables.passes(List.of(slow, fast), 65));
        assertEquals(OptionalLong.of(1500), PandaTables.passes(List.of(slow, fast), 85));
        assertEquals(OptionalLong.empty(), PandaTables.passes(List.of(slow.and(2000, 0, 1), fast).subList(1, 2), 101));
    }

    @Test
    void tablesAndFiguresStandOnTheGrid() {
        try (PandaExperiment experiment = PandaExperiment.open(tiny().with("panda.algorithms", "DDPG, SAC"), work)) {
            String table = PandaTables.table3(experiment, Progress.NONE).csv();
            assertTrue(table.contains("TD3 (thesis),joints,not stated,not stated,not stated,65,–,not stated"), table);
            // The header, two yardsticks, two agents, and PPO.
            assertEquals(PublishedNumbers.asGiven("panda").size() + 1 + 2 + 2 + 1, table.lines().count());
            assertTrue(table.contains("\"PPO, here\",end effector,dense"), table);
            // The header, two agents, and PPO.
            assertEquals(1 + 2 + 1, PandaTables.grid(experiment, Progress.NONE).csv().lines().count());
            String marks = PandaTables.marks(experiment, Progress.NONE).csv();
            assertEquals(1 + 2 + 1, marks.lines().count());
            assertTrue(marks.contains("PPO,\"end effector, dense\",no"), marks);
            assertEquals(2 + 2 + 1, PandaTables.stages(experiment).length);
            assertTrue(PandaFigures.successes(experiment, Progress.NONE).image().getWidth() > 100);
            assertTrue(PandaFigures.returns(experiment, Progress.NONE).image().getWidth() > 100);
            assertTrue(PandaFigures.seeds(experiment, Progress.NONE).image().getWidth() > 100);
        }
    }
}
