package worldmodels.study.panda;

import ai.djl.ndarray.NDManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import worldmodels.data.Policy;
import worldmodels.data.WhiteNoise;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.env.panda.PandaControl;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Compute;
import worldmodels.nn.SideBySide;
import worldmodels.nn.Training;
import worldmodels.report.Reevaluated;
import worldmodels.rl.OffPolicy;
import worldmodels.run.Cluster;
import worldmodels.run.ClusterStages;
import worldmodels.run.KitException;
import worldmodels.run.Preset;
import worldmodels.run.Processor;
import worldmodels.run.Progress;
import worldmodels.run.Stage;
import worldmodels.run.WorkFolder;

/**
 * Panda reach without a model: every cell of the preset's grid is learned once for each training seed and tried on goals that none has seen. Beside it
 * stand random actions and a proportional controller. Stages are resumable and kept by the key of their settings.
 */
public final class PandaExperiment implements AutoCloseable {

    private static final String TRAINING = "training.safetensors";
    private static final int CHECKPOINT_EVERY = 2_000;
    private static final int LANES = 10;

    private final Preset preset;
    private final PandaStudy study;
    private final PandaStages stages;
    private final NDManager manager = Compute.newManager();

    private PandaExperiment(Preset preset, Path work) {
        this.preset = preset;
        this.study = PandaStudy.of(preset);
        this.stages = new PandaStages(preset, study, work);
    }

    /** The preset that {@code WM_PRESET} names, in the chosen work folder. */
    public static PandaExperiment open() {
        return open(Preset.chosen());
    }

    /** A preset, or an ablation of it, in the chosen work folder. */
    public static PandaExperiment open(Preset preset) {
        return open(preset, WorkFolder.chosen());
    }

    /** A preset in a work folder of its own. */
    public static PandaExperiment open(Preset preset, Path work) {
        return new PandaExperiment(preset, work);
    }

    public Preset preset() {
        return preset;
    }

    /** What the preset says of the grid. */
    public PandaStudy settings() {
        return study;
    }

    /** The stages that the results are kept in. */
    public PandaStages stages() {
        return stages;
    }

    /** What learns without a memory of what it lived through. */
    public PandaPpo ppo() {
        return new PandaPpo(preset, study, stages);
    }

    /** The agents of rows, one for each training seed; as many learned at once as there are cores, each on one thread. */
    public List<LearnedReach> learn(List<PandaRow> rows, Progress progress) {
        return learn(rows, study.trainingSeeds(), progress);
    }

    /** The agents of some of the training seeds, seed by seed. */
    public List<LearnedReach> learn(List<PandaRow> rows, List<Long> seeds, Progress progress) {
        List<Missing> missing = new ArrayList<>();
        for (long seed : seeds) {
            rows.stream().filter(row -> !stages.learning(row, seed).isFinished()).forEach(row -> missing.add(new Missing(row, seed)));
        }
        Optional<Cluster> cluster = missing.isEmpty() ? Optional.empty() : Cluster.chosen();
        if (cluster.isPresent()) {
            ClusterStages.complete(cluster.get(), "learning to reach",
                    missing.stream().map(of -> new ClusterStages.Piece(stages.learning(of.row, of.seed), elsewhere(preset, of.row, of.seed))).toList(), progress);
        } else if (!missing.isEmpty()) {
            SideBySide.run("learning to reach", "steps", missing.stream().map(of -> piece(of.row, of.seed)).toList(), progress);
        }
        return seeds.stream().flatMap(seed -> rows.stream().map(row -> load(row, seed))).toList();
    }

    private record Missing(PandaRow row, long seed) {}

    private static ClusterStages.Maker elsewhere(Preset preset, PandaRow row, long seed) {
        return work -> {
            try (PandaExperiment there = open(preset, work)) {
                there.learn(List.of(row), List.of(seed), Progress.NONE);
            }
        };
    }

    private SideBySide.Piece piece(PandaRow row, long seed) {
        Stage stage = stages.learning(row, seed);
        Path training = stage.folder().resolve(TRAINING);
        long done = Files.exists(training) ? Checkpoint.read(training).number("step") : 0;
        return new SideBySide.Piece(row + ", seed " + seed, done, study.steps(), shown -> stage.complete(folder -> learn(row, seed, folder, shown)));
    }

    private Map<String, String> learn(PandaRow row, long seed, Path folder, Progress progress) {
        // The replay is most of the checkpoint.
        Training.throughout(() -> learner(row, seed), new Training.Rhythm(study.steps(), study.testEvery(), CHECKPOINT_EVERY), folder.resolve(TRAINING),
                folder.resolve(LearnedReach.FILE), progress);
        return Map.of("environmentSteps", String.valueOf(study.steps()));
    }

    /** What a row's agent is before it has learned anything; the caller closes it. */
    public OffPolicy learner(PandaRow row, long seed) {
        return row.algorithm().learner(manager, () -> TrackSeeds.TRAIN.only(row.task().environment(study.version())), row.relabelling().applied(preset), seed);
    }

    private LearnedReach load(PandaRow row, long seed) {
        Stage stage = stages.learning(row, seed);
        stage.check();
        return new LearnedReach(row, seed, stage);
    }

    /** The agents of all training seeds of a row on the test goals. */
    public Reaches evaluation(PandaRow row, Progress progress) {
        return Reaches.together(learn(List.of(row), progress).stream().map(agent -> evaluation(agent, progress)).toList());
    }

    /** One agent on the test goals. */
    public Reaches evaluation(LearnedReach agent, Progress progress) {
        return tried(stages.evaluation(agent.row(), agent.seed()), agent.seed(), agent.row().task(),
                environments -> agent.actor(environments.observationSpace(), environments.actionSpace()).policy(), progress);
    }

    /** The yardstick: uniformly random actions. */
    public Reaches evaluationOfRandomActions(PandaTask task, Progress progress) {
        return tried(stages.random(task), study.seed(), task, environments -> new WhiteNoise(environments.actionSpace(), environments.lanes()),
                progress);
    }

    /** The other yardstick: what needs no learning where the tool is what an action moves. */
    public Reaches evaluationOfProportional(PandaTask task, Progress progress) {
        if (task.control() != PandaControl.END_EFFECTOR) {
            throw new KitException("The proportional controller moves the tool, and " + task + " moves joints; choose a task of the end effector.");
        }
        return tried(stages.proportional(task), study.seed(), task, environments -> new Proportional(), progress);
    }

    private Reaches tried(Stage stage, long run, PandaTask task, Function<ThreadedEnvironments, Policy> actor, Progress progress) {
        return Reaches.keptBy(stage, () -> {
            try (ThreadedEnvironments environments = new ThreadedEnvironments(LANES, Processor.available(), () -> task.environment(study.version()));
                    Policy policy = actor.apply(environments)) {
                return Reaches.of(run, policy, environments, study.evaluationEpisodes(), progress);
            }
        });
    }

    /**
     * The kept agents of the grid and PPO's on the test goals again, without training.
     *
     * @param kept    the folder with a folder for each kept stage
     * @param scratch an empty folder to work in
     * @return one for each row of which an agent is kept
     * @throws KitException if only some agents of a row are there
     */
    public static List<Reevaluated> reachAgain(Preset preset, Path kept, Path scratch, Progress progress) {
        try (PandaExperiment experiment = open(preset, scratch)) {
            List<Reevaluated> rows = new ArrayList<>();
            for (PandaRow row : experiment.study.rows()) {
                again(row.toString(), experiment.stages.evaluations(row), kept, () -> experiment.evaluation(row, progress)).ifPresent(rows::add);
            }
            for (PandaTask task : experiment.ppo().tasks()) {
                again(PandaPpo.NAME + ", " + task, experiment.ppo().evaluations(task), kept, () -> experiment.ppo().evaluation(task, progress)).ifPresent(rows::add);
            }
            return rows;
        }
    }

    private static Optional<Reevaluated> again(String agent, List<Stage> evaluations, Path kept, Supplier<Reaches> now) {
        return Reevaluated.ifKept(agent, evaluations, kept, stage -> Reaches.keptBy(stage).scored(), () -> now.get().scored());
    }

    @Override
    public void close() {
        manager.close();
    }
}
