package worldmodels.study.panda;

import ai.djl.ndarray.NDManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import worldmodels.data.Policy;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.env.panda.PandaControl;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Compute;
import worldmodels.nn.LearningCurve;
import worldmodels.nn.SideBySide;
import worldmodels.nn.Training;
import worldmodels.rl.NetworkShape;
import worldmodels.rl.PolicyKind;
import worldmodels.rl.Ppo;
import worldmodels.rl.PpoActor;
import worldmodels.rl.PpoSettings;
import worldmodels.rl.PpoTests;
import worldmodels.run.Preset;
import worldmodels.run.Processor;
import worldmodels.run.Progress;
import worldmodels.run.Settings;
import worldmodels.run.Settings.Above;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Most;
import worldmodels.run.Settings.Section;
import worldmodels.run.Stage;
import worldmodels.run.WorkFolder;

/**
 * PPO on Panda reach, beside the grid of those that remember: it learns from what it has just lived through alone, so it has no hindsight, and takes many more
 * steps. It moves the end effector, for either reward.
 */
public final class PandaPpo {

    /** As tables have it. */
    static final String NAME = "PPO";
    /** Test episodes of a point of its learning curve. */
    static final int TESTS = 20;

    private static final String TRAINING = "training.safetensors";
    private static final String AGENT = "agent.safetensors";
    private static final int CHECKPOINT_EVERY = 10;

    /**
     * What is different from PPO on CarRacing.
     *
     * @param lanes        arms side by side
     * @param steps        of the environment in all
     * @param horizon      decisions of each arm before an update
     * @param minibatch    decisions of one step of Adam
     * @param epochs       of an update
     * @param learningRate at first
     * @param discount     γ
     * @param klStop       divergence from the policy before an update after which it ends
     * @param policy       what actions are drawn from
     */
    @Section("panda.ppo")
    public record Learned(@Least(1) int lanes, @Least(1) int steps, @Least(1) int horizon, @Least(2) int minibatch, @Least(1) int epochs,
            @Above(0) double learningRate, @Least(0) @Most(1) double discount, @Least(0) double klStop, PolicyKind policy) {

        /** A preset in which what holds for the arm stands where PPO reads it; the PPO report's temperature and attention are its own. */
        static Preset of(Preset preset) {
            Preset arm = preset.with("ppo.temperature", "1").with("ppo.attention", "NONE");
            for (String key : List.of("horizon", "minibatch", "epochs", "learningRate", "discount", "klStop", "policy")) {
                arm = arm.with("ppo." + key, preset.text("panda.ppo." + key));
            }
            return arm;
        }

        long updates() {
            return Math.max(1, steps / ((long) lanes * horizon));
        }
    }

    private final Preset preset;
    private final PandaStudy study;
    private final PandaStages stages;
    private final Learned learned;
    private final PpoSettings settings;

    PandaPpo(Preset preset, PandaStudy study, PandaStages stages) {
        this.preset = preset;
        this.study = study;
        this.stages = stages;
        this.learned = Settings.of(preset, Learned.class);
        this.settings = Settings.of(Learned.of(preset), PpoSettings.class);
    }

    /** What a preset says of it, for a prediction of its cost. */
    static PandaPpo of(Preset preset) {
        PandaStudy study = PandaStudy.of(preset);
        return new PandaPpo(preset, study, new PandaStages(preset, study, WorkFolder.chosen()));
    }

    /** Those of the preset's tasks that it learns. */
    public List<PandaTask> tasks() {
        return study.tasks().stream().filter(task -> task.control() == PandaControl.END_EFFECTOR).toList();
    }

    /** Environment steps that it learns from. */
    public int steps() {
        return Math.toIntExact(learned.updates() * learned.lanes * learned.horizon);
    }

    /** Its agents of all training seeds on the test goals, as one. */
    public Reaches evaluation(PandaTask task, Progress progress) {
        return Reaches.together(evaluations(task, progress));
    }

    /** Its agents on the test goals, seed by seed. */
    public List<Reaches> evaluations(PandaTask task, Progress progress) {
        learn(task, progress);
        return study.trainingSeeds().stream().map(seed -> tried(task, seed, progress)).toList();
    }

    /**
     * Shares of its test episodes without chance that ended at their goals, by steps of the environment, seed by seed. Of an agent that was kept without them the
     * curve is empty.
     */
    public List<LearningCurve> successes(PandaTask task, Progress progress) {
        learn(task, progress);
        return study.trainingSeeds().stream().map(seed -> inSteps(LearningCurve.of(learning(task, seed).file(AGENT), Ppo.SUCCESS))).toList();
    }

    private LearningCurve inSteps(LearningCurve byUpdates) {
        return new LearningCurve(byUpdates.points().stream().map(point -> new LearningCurve.Point(point.step() * learned.lanes * learned.horizon, point.training(),
                point.validation())).toList());
    }

    /** As many at once as there are cores. */
    private void learn(PandaTask task, Progress progress) {
        List<SideBySide.Piece> missing = study.trainingSeeds().stream().filter(seed -> !learning(task, seed).isFinished()).map(seed -> piece(task, seed)).toList();
        if (!missing.isEmpty()) {
            SideBySide.run("PPO learns to reach", "updates", missing, progress);
        }
    }

    private SideBySide.Piece piece(PandaTask task, long seed) {
        Stage stage = learning(task, seed);
        Path training = stage.folder().resolve(TRAINING);
        long done = Files.exists(training) ? Checkpoint.read(training).number("step") : 0;
        return new SideBySide.Piece("PPO, " + task + ", seed " + seed, done, learned.updates(), shown -> stage.complete(folder -> learn(task, seed, folder, shown)));
    }

    private Map<String, String> learn(PandaTask task, long seed, Path folder, Progress progress) {
        try (NDManager manager = Compute.newManager()) {
            Training.throughout(() -> learner(manager, task, seed), new Training.Rhythm(learned.updates(), CHECKPOINT_EVERY, CHECKPOINT_EVERY),
                    folder.resolve(TRAINING), folder.resolve(AGENT), progress);
        }
        return Map.of("environmentSteps", String.valueOf(steps()));
    }

    private Ppo learner(NDManager manager, PandaTask task, long seed) {
        ThreadedEnvironments arms = new ThreadedEnvironments(learned.lanes, 1, () -> TrackSeeds.TRAIN.only(task.environment(study.version())));
        PpoTests tests = new PpoTests(new ThreadedEnvironments(TESTS, 1, () -> task.environment(study.version())), TrackSeeds.SELECT.first(TESTS));
        return new Ppo(manager, arms, number -> seed * Integer.MAX_VALUE + number, Optional.of(tests), NetworkShape.SMALL, settings, learned.updates(), seed);
    }

    private Reaches tried(PandaTask task, long seed, Progress progress) {
        return Reaches.keptBy(evaluationStage(task, seed), () -> {
            try (ThreadedEnvironments arms = new ThreadedEnvironments(TESTS, Processor.available(), () -> task.environment(study.version()));
                    Policy policy = PpoActor.load(learning(task, seed).file(AGENT), settings, arms.observationSpace(), arms.actionSpace()).policy()) {
                return Reaches.of(seed, policy, arms, study.evaluationEpisodes(), progress);
            }
        });
    }

    private Stage learning(PandaTask task, long seed) {
        SortedMap<String, String> decisive = Settings.text(Learned.of(preset), PpoSettings.class, Learned.class);
        // It stands there as ppo.klStop, as agents have it that were trained before it was the arm's own.
        decisive.remove("panda.ppo.klStop");
        decisive.putAll(preset.section("panda.version"));
        decisive.put("task", task.toString());
        decisive.put("training seed", String.valueOf(seed));
        return stages.stage("panda-ppo-" + word(task) + "-" + seed, decisive, List.of());
    }

    private Stage evaluationStage(PandaTask task, long seed) {
        return stages.stage("panda-evaluation-ppo-" + word(task) + "-" + seed, preset.section("panda.evaluationEpisodes"), List.of(learning(task, seed)));
    }

    /** The trials of all of a task's training seeds. */
    public List<Stage> evaluations(PandaTask task) {
        return study.trainingSeeds().stream().map(seed -> evaluationStage(task, seed)).toList();
    }

    private static String word(PandaTask task) {
        return (task.control() + "-" + task.reward()).toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
