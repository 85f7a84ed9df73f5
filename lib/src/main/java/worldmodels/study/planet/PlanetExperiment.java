package worldmodels.study.planet;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import worldmodels.data.Episode;
import worldmodels.env.control.ControlTask;
import worldmodels.evaluation.Evaluation;
import worldmodels.nn.Compute;
import worldmodels.nn.Seeds;
import worldmodels.nn.SideBySide;
import worldmodels.planet.Acting;
import worldmodels.planet.CrossEntropyPlanner;
import worldmodels.planet.Dynamics;
import worldmodels.planet.Foresight;
import worldmodels.planet.LearningLog;
import worldmodels.planet.PlanCheck;
import worldmodels.planet.PlanetLearner;
import worldmodels.planet.PlanetModel;
import worldmodels.planet.RewardForecast;
import worldmodels.report.KeptStages;
import worldmodels.run.Cluster;
import worldmodels.run.ClusterStages;
import worldmodels.run.Preset;
import worldmodels.run.Processor;
import worldmodels.run.Progress;
import worldmodels.run.Stage;
import worldmodels.run.WorkFolder;

/**
 * PlaNet on control-suite tasks from pixels (Hafner et al. 2019): each kind of dynamics learns each task of the preset, and is tried on episodes that
 * it has not seen. Beside it stand planning with the true dynamics, and random actions. Stages are resumable and kept by the key of their settings.
 * A task of one's own is learned by a {@link PlanetRow} that names it.
 */
public final class PlanetExperiment implements AutoCloseable {

    private final Preset preset;
    private final PlanetStudy study;
    private final PlanetStages stages;
    private final PlanetTrials trials;
    private final NDManager manager = Compute.newManager();
    private final Map<PlanetRow, LearnedPlanet> learned = new HashMap<>();

    private PlanetExperiment(Preset preset, Path work) {
        this.preset = preset;
        this.study = PlanetStudy.of(preset);
        this.stages = new PlanetStages(preset, study, work);
        this.trials = new PlanetTrials(stages);
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

    /**
     * A preset in the chosen work folder, with the models of its table as they are kept in place of learning them.
     *
     * @param stages the folder of kept stages
     * @throws worldmodels.run.KitException if one is not there
     */
    public static PlanetExperiment ofKept(Preset preset, Path stages) {
        PlanetExperiment experiment = open(preset);
        experiment.study.rows().forEach(row -> KeptStages.putBack(experiment.stages.learning(row), stages));
        return experiment;
    }

    public Preset preset() {
        return preset;
    }

    /** What the preset says of PlaNet. */
    public PlanetStudy settings() {
        return study;
    }

    /** The stages that the results are kept in. */
    public PlanetStages stages() {
        return stages;
    }

    /** The model of a row, learned to its end, or loaded. */
    public LearnedPlanet learn(PlanetRow row, Progress progress) {
        return learn(List.of(row), progress).getFirst();
    }

    /** The models of rows, as many learned at once as there are cores, each on one thread. */
    public List<LearnedPlanet> learn(List<PlanetRow> rows, Progress progress) {
        List<PlanetRow> missing = rows.stream().filter(row -> !stages.learning(row).isFinished()).toList();
        Optional<Cluster> cluster = missing.isEmpty() ? Optional.empty() : Cluster.chosen();
        if (cluster.isPresent()) {
            ClusterStages.complete(cluster.get(), "PlaNet's training", missing.stream().map(row -> new ClusterStages.Piece(stages.learning(row), elsewhere(preset, row))).toList(),
                    progress);
        } else if (!missing.isEmpty()) {
            SideBySide.run("PlaNet's training", "updates", missing.stream().map(this::piece).toList(), progress);
        }
        return rows.stream().map(row -> learned.computeIfAbsent(row, this::load)).toList();
    }

    private static ClusterStages.Maker elsewhere(Preset preset, PlanetRow row) {
        return work -> {
            try (PlanetExperiment there = open(preset, work)) {
                there.learn(row, Progress.NONE);
            }
        };
    }

    private SideBySide.Piece piece(PlanetRow row) {
        long done = log(row).rows().stream().mapToLong(LearningLog.Row::updates).max().orElse(0);
        return new SideBySide.Piece(row.toString(), done, study.learning().collecting().updates(study.episodes(row.task())),
                shown -> stages.learning(row).complete(folder -> learn(row, folder, shown)));
    }

    private Map<String, String> learn(PlanetRow row, Path folder, Progress progress) {
        try (PlanetModel model = new PlanetModel(manager, study.shape(row.dynamics(), row.task().actions().size()), study.firstWeights(),
                Seeds.named(row.seed(), "planet"));
                PlanetLearner learner = new PlanetLearner(model, row.task(), study.learning(), study.episodes(row.task()),
                        Seeds.named(row.seed(), "planet training"), folder, Processor.available())) {
            LearningLog.Row last = learner.run(progress).rows().getLast();
            return Map.of("episodes", String.valueOf(last.episodes()), "environmentSteps", String.valueOf(last.environmentSteps()),
                    "updates", String.valueOf(last.updates()), "testReturn", String.valueOf(last.testMean()));
        }
    }

    private LearnedPlanet load(PlanetRow row) {
        Stage stage = stages.learning(row);
        stage.check();
        return new LearnedPlanet(row, PlanetModel.load(manager, PlanetLearner.checkpoint(stage.folder())), PlanetLearner.log(stage.folder()), stage);
    }

    /** How a row's learning has gone so far; another process may be at it. */
    public LearningLog log(PlanetRow row) {
        return PlanetLearner.log(stages.learning(row).folder());
    }

    /** A row's model on an episode that it has not learned from, played by itself: with pictures, and without after some of them. */
    public Foresight foresight(PlanetRow row, int watched, int length, Progress progress) {
        return foresight(row, row, watched, length, progress);
    }

    /** And on the one that another row's model has played, so that several are seen on the same. */
    public Foresight foresight(PlanetRow row, PlanetRow player, int watched, int length, Progress progress) {
        LearnedPlanet of = learn(row, progress);
        Episode episode = trials.watched(learn(player, progress), progress);
        return Foresight.of(of.model(), study.learning().depth(), episode, row.task().actions(), Math.min(watched, episode.length()),
                Math.min(length, episode.length()), row.seed());
    }

    /** How well a row's model tells the rewards of the episode that another row's model has played. */
    public RewardForecast forecast(PlanetRow row, PlanetRow player, Progress progress) {
        Episode episode = trials.watched(learn(player, progress), progress);
        return RewardForecast.of(learn(row, progress).model(), study.learning().depth(), episode, row.task().actions(),
                Math.min(study.learning().planner().horizon(), episode.length() - 2), row.seed());
    }

    /** Whether what a row's model promises of its plans is kept in the simulator, from states of the episode that another row's model has played. */
    public PlanCheck planCheck(ControlTask task, PlanetRow row, PlanetRow player, Progress progress) {
        return trials.planCheck(task, learn(row, progress), trials.watched(learn(player, progress), progress));
    }

    /** A row's model on the test episodes, with the planner that it learned with and without noise. */
    public Evaluation evaluation(PlanetRow row, Progress progress) {
        return evaluation(row, study.acting(), progress);
    }

    /** A row's model on the test episodes, acting in another way; it learns nothing anew. */
    public Evaluation evaluation(PlanetRow row, Acting acting, Progress progress) {
        return trials.of(learn(row, progress), acting, progress);
    }

    /** The models of all training seeds of a task and kind together. */
    public Evaluation evaluation(ControlTask task, Dynamics dynamics, Progress progress) {
        return Evaluation.together(study.rows(task, dynamics).stream().map(row -> evaluation(row, progress)).toList());
    }

    /** Planning with the true dynamics: what a perfect model would reach with this planner. */
    public Evaluation evaluationOfSimulator(ControlTask task, Progress progress) {
        return evaluationOfSimulator(task, study.learning().planner(), study.simulatorEpisodes(), progress);
    }

    /** And with another planner. */
    public Evaluation evaluationOfSimulator(ControlTask task, CrossEntropyPlanner.Settings planner, int episodes, Progress progress) {
        return trials.ofSimulator(task, planner, episodes, progress);
    }

    /** The yardstick: uniformly random actions. */
    public Evaluation evaluationOfRandomActions(ControlTask task, Progress progress) {
        return trials.ofRandomActions(task, progress);
    }

    @Override
    public void close() {
        learned.values().forEach(each -> each.model().close());
        manager.close();
    }
}
