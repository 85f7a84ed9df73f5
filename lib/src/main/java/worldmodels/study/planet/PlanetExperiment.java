package worldmodels.study.planet;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeStore;
import worldmodels.data.Policy;
import worldmodels.data.RolloutEngine;
import worldmodels.data.WhiteNoise;
import worldmodels.env.ActionRepeat;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.Environment;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.env.control.ControlEnvironment;
import worldmodels.env.control.ControlTask;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.nn.Compute;
import worldmodels.nn.Seeds;
import worldmodels.nn.SideBySide;
import worldmodels.planet.ControlSimulator;
import worldmodels.planet.Dynamics;
import worldmodels.planet.Foresight;
import worldmodels.planet.LearningLog;
import worldmodels.planet.PlanetLearning;
import worldmodels.planet.PlanetModel;
import worldmodels.planet.PlanetPolicy;
import worldmodels.planet.PlanetSettings;
import worldmodels.planet.SimulatorPolicy;
import worldmodels.run.Preset;
import worldmodels.run.Processor;
import worldmodels.run.Progress;
import worldmodels.run.Stage;
import worldmodels.run.WorkFolder;

/**
 * PlaNet on control-suite tasks from pixels (Hafner et al. 2019): each kind of dynamics learns each task of the preset, and is tried on episodes that
 * it has not seen. Beside it stand planning with the true dynamics, and random actions. Stages are resumable and kept by the key of their settings.
 */
public final class PlanetExperiment implements AutoCloseable {

    private final PlanetPreset planet;
    private final Preset preset;
    private final Path work;
    private final NDManager manager = Compute.newManager();
    private final Map<PlanetRow, LearnedPlanet> learned = new HashMap<>();

    private PlanetExperiment(Preset preset, Path work) {
        this.preset = preset;
        this.planet = new PlanetPreset(preset);
        this.work = work;
    }

    /** The preset that {@code WM_PRESET} names, in the chosen work folder. */
    public static PlanetExperiment open() {
        return open(Preset.chosen());
    }

    /** A preset, or an ablation of it, in the chosen work folder. */
    public static PlanetExperiment open(Preset preset) {
        return open(preset, WorkFolder.chosen());
    }

    /** A preset in a work folder of its own. */
    public static PlanetExperiment open(Preset preset, Path work) {
        return new PlanetExperiment(preset, work);
    }

    public Preset preset() {
        return preset;
    }

    /** What the preset says of PlaNet. */
    public PlanetPreset settings() {
        return planet;
    }

    /** The model of a row, learned to its end, or loaded. */
    public LearnedPlanet learn(PlanetRow row, Progress progress) {
        return learn(List.of(row), progress).getFirst();
    }

    /** The models of rows, as many learned at once as there are cores, each on one thread. */
    public List<LearnedPlanet> learn(List<PlanetRow> rows, Progress progress) {
        List<SideBySide.Piece> missing = rows.stream().filter(row -> !learningStage(row).isFinished()).map(this::piece).toList();
        if (!missing.isEmpty()) {
            SideBySide.run("PlaNet's training", "episodes", missing, progress);
        }
        return rows.stream().map(row -> learned.computeIfAbsent(row, this::load)).toList();
    }

    private SideBySide.Piece piece(PlanetRow row) {
        return new SideBySide.Piece(row.toString(), log(row).rows().stream().mapToLong(LearningLog.Row::episodes).max().orElse(0),
                planet.episodes(row.task()), shown -> learningStage(row).complete(folder -> learn(row, folder, shown)));
    }

    private LearnedPlanet load(PlanetRow row) {
        Stage stage = learningStage(row);
        stage.check();
        return new LearnedPlanet(row, PlanetModel.load(manager, PlanetLearning.checkpoint(stage.folder())), PlanetLearning.log(stage.folder()), stage);
    }

    private Map<String, String> learn(PlanetRow row, Path folder, Progress progress) {
        PlanetSettings settings = planet.settings(Seeds.named(row.seed(), "planet training"));
        try (PlanetModel model = new PlanetModel(manager, planet.shape(row.dynamics(), row.task().actions()), Seeds.named(row.seed(), "planet"));
                PlanetLearning learning = new PlanetLearning(model, planet.task(row.task()), settings, planet.rhythm(row.task()), planet.planner(),
                        folder, Processor.available())) {
            LearningLog.Row last = learning.run(progress).rows().getLast();
            return Map.of("episodes", String.valueOf(last.episodes()),
                    "environmentSteps", String.valueOf(last.environmentSteps()), "updates", String.valueOf(last.updates()), "testReturn",
                    String.valueOf(last.testMean()));
        }
    }

    /** How a row's learning has gone so far; another process may be at it. */
    public LearningLog log(PlanetRow row) {
        return PlanetLearning.log(learningStage(row).folder());
    }

    /** A row's model on an episode that it has not learned from: with pictures, and without after some of them. */
    public Foresight foresight(PlanetRow row, int watched, int length, Progress progress) {
        PlanetModel model = learn(row, progress).model();
        worldmodels.data.Episode episode = watched(row, progress);
        try (Environment environment = stateEnvironment(row.task())) {
            return Foresight.of(model, planet.settings(0).depth(), episode, environment.actionSpace(), Math.min(watched, episode.length()),
                    Math.min(length, episode.length()), row.seed());
        }
    }

    /** An episode on a selection seed, which the row's model plays as it plays the test episodes. */
    private worldmodels.data.Episode watched(PlanetRow row, Progress progress) {
        LearnedPlanet planetOfRow = learn(row, progress);
        Stage stage = stage("planet-watched-" + row.word(), Map.of(), learningStage(row));
        stage.complete(folder -> {
            try (BatchedEnvironment environments = new ThreadedEnvironments(1, 1, planet.task(row.task()).environment());
                    Policy policy = policy(planetOfRow, environments)) {
                new EpisodeStore(folder).record(new RolloutEngine(environments), policy, List.of(new EpisodeJob(0, TrackSeeds.SELECT.seed(0))), false, progress);
                return Map.of();
            }
        });
        EpisodeStore store = new EpisodeStore(stage.folder());
        return store.read(store.own().getFirst());
    }

    private Policy policy(LearnedPlanet learnt, BatchedEnvironment environments) {
        return new PlanetPolicy(learnt.model(), planet.planner(), planet.settings(0).depth(), environments.actionSpace(), 0, environments.lanes());
    }

    /** A row's model on the test episodes, without noise. */
    public Evaluation evaluation(PlanetRow row, Progress progress) {
        LearnedPlanet planetOfRow = learn(row, progress);
        return evaluation(evaluationStage(row), row.task(), row.seed(), "planet.evaluationEpisodes", planet.task(row.task()).environment(),
                environments -> policy(planetOfRow, environments), progress);
    }

    /** The models of all training seeds of a task and kind together. */
    public Evaluation evaluation(ControlTask task, Dynamics dynamics, Progress progress) {
        return Evaluation.together(LongStream.of(planet.seeds(task, dynamics)).mapToObj(seed -> evaluation(new PlanetRow(task, dynamics, seed), progress))
                .toList());
    }

    /** Planning with the true dynamics: what a perfect model would reach with this planner. */
    public Evaluation evaluationOfSimulator(ControlTask task, Progress progress) {
        return evaluation(simulatorStage(task), task, preset.integer("seed"), "planet.simulatorEpisodes", () -> stateEnvironment(task),
                environments -> simulatorPolicy(task, environments), progress);
    }

    private Policy simulatorPolicy(ControlTask task, ThreadedEnvironments environments) {
        List<ControlSimulator> copies = IntStream.range(0, Processor.available()).mapToObj(i -> new ControlSimulator(task)).toList();
        return new SimulatorPolicy<>(planet.planner(), copies, lane -> ((ControlEnvironment) environments.lane(lane).unwrapped()).snapshot(),
                environments.actionSpace(), environments.lanes());
    }

    /** The task without pictures. */
    private Environment stateEnvironment(ControlTask task) {
        return planet.limited(task, new ActionRepeat(ControlEnvironment.ofState(task), task.actionRepeat()));
    }

    /** The yardstick: uniformly random actions. */
    public Evaluation evaluationOfRandomActions(ControlTask task, Progress progress) {
        return evaluation(randomStage(task), task, preset.integer("seed"), "planet.evaluationEpisodes", () -> stateEnvironment(task),
                environments -> new WhiteNoise(environments.actionSpace(), environments.lanes()), progress);
    }

    private Evaluation evaluation(Stage stage, ControlTask task, long run, String count, Supplier<? extends Environment> maker,
            Function<ThreadedEnvironments, Policy> actor, Progress progress) {
        return Evaluation.keptBy(stage, () -> {
            long[] seeds = TrackSeeds.TEST.first(preset.integer(count));
            try (ThreadedEnvironments environments = new ThreadedEnvironments(seeds.length, Processor.available(), maker);
                    Policy policy = actor.apply(environments)) {
                return Evaluation.of(run, policy, environments, task.actionRepeat(), seeds, progress);
            }
        });
    }

    /** The stage of a row's learning. */
    public Stage learningStage(PlanetRow row) {
        SortedMap<String, String> settings = preset.section("planet.");
        settings.keySet().removeIf(key -> key.startsWith("planet.other") || key.startsWith("planet.evaluation") || key.startsWith("planet.simulator")
                || List.of("planet.tasks", "planet.dynamics", "planet.seeds").contains(key));
        settings.put("planet.episodes", String.valueOf(planet.episodes(row.task())));
        settings.put("task", row.task().id());
        settings.put("dynamics", row.dynamics().name());
        settings.put("training seed", String.valueOf(row.seed()));
        return stage("planet-" + row.word(), settings);
    }

    /** The stage of a row's evaluation. */
    public Stage evaluationStage(PlanetRow row) {
        return stage("planet-evaluation-" + row.word(), preset.section("planet.evaluationEpisodes"), learningStage(row));
    }

    /** The stage of {@link #evaluationOfSimulator}. */
    public Stage simulatorStage(ControlTask task) {
        SortedMap<String, String> settings = preset.section("seed", "planet.simulatorEpisodes", "planet.horizon", "planet.iterations",
                "planet.candidates", "planet.elites", "planet.steps");
        settings.put("task", task.id());
        return stage("planet-simulator-" + task.id().replace('_', '-'), settings);
    }

    /** The stage of {@link #evaluationOfRandomActions}. */
    public Stage randomStage(ControlTask task) {
        SortedMap<String, String> settings = preset.section("seed", "planet.evaluationEpisodes", "planet.steps");
        settings.put("task", task.id());
        return stage("planet-random-" + task.id().replace('_', '-'), settings);
    }

    private Stage stage(String name, Map<String, String> settings, Stage... inputs) {
        return new Stage(work, name, settings, List.of(inputs));
    }

    @Override
    public void close() {
        learned.values().forEach(each -> each.model().close());
        manager.close();
    }
}
