package worldmodels.study.carracing;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import worldmodels.agent.Agent;
import worldmodels.controller.Features;
import worldmodels.data.EpisodeStore;
import worldmodels.data.Split;
import worldmodels.env.Environment;
import worldmodels.env.carracing.CarRacingVersion;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.FeatureExtractor;
import worldmodels.evolution.Generation;
import worldmodels.memory.LatentEpisode;
import worldmodels.nn.AuthorsVersion;
import worldmodels.nn.Compute;
import worldmodels.report.Figure;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Settings.Key;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Section;
import worldmodels.run.Settings;
import worldmodels.run.Stage;
import worldmodels.run.WorkFolder;
import worldmodels.vision.VisionQuality;

/**
 * Ha and Schmidhuber's experiment (2018, section 2), with a room for each part: {@link Rollouts} are recorded, {@link Vision} is trained on their
 * frames, {@link Memory} on their latent vectors, {@link Controllers} are evolved on the two, {@link TestDrives} say how good they are. Each method
 * brings its stage and all before it to their end, or loads them; an interrupted one continues where it was.
 */
public final class CarRacingExperiment implements AutoCloseable {

    /** Episodes that are played side by side. */
    public static final int LANES = 64;

    @Section("")
    private record Own(@Key("seed") long seed, @Key("chains") @Least(1) int chains, Road road, @Key("vision.latent") @Least(1) int latent, MemorySettings memory) {}

    private final Preset preset;
    private final Path work;
    private final int round;
    private final Own own;
    private final NDManager manager = Compute.newManager();
    private final Rollouts rollouts;
    private final Vision vision;
    private final Encodings encodings;
    private final Memory memory;
    private final Controllers controllers;
    private final TestDrives drives;
    private final LatePhase latePhase;
    private List<CarRacingExperiment> chains;

    /** The first round. */
    private CarRacingExperiment(Preset preset, Path work) {
        this(preset, work, 1, new Rollouts(Recording.explored(preset, work)), Optional.empty());
    }

    /** @param before the round that V and its encodings are taken from; empty where V is trained on these rollouts */
    private CarRacingExperiment(Preset preset, Path work, int round, Rollouts rollouts, Optional<CarRacingExperiment> before) {
        this.preset = preset;
        this.work = work;
        this.round = round;
        this.own = Settings.of(preset, Own.class);
        this.rollouts = rollouts;
        this.vision = before.map(earlier -> earlier.vision).orElseGet(() -> new Vision(preset, work, named("vision"), manager, rollouts));
        this.encodings = before.map(earlier -> earlier.encodings.and(work, named("encodings"), rollouts))
                .orElseGet(() -> Encodings.of(work, named("encodings"), rollouts, vision));
        this.memory = new Memory(preset, work, "memory", Settings.text(preset, AuthorsVersion.Followed.class, MemorySettings.class), manager, encodings,
                new Memory.Plan(own.memory.shape(own.latent), own.memory.trained() ? MemorySettings.epochs(preset) : 0));
        this.controllers = new Controllers(preset, work, vision, memory);
        this.drives = new TestDrives(preset, work, controllers);
        this.latePhase = new LatePhase(preset, work, controllers, drives);
    }

    /** The preset that {@code WM_PRESET} names, in the chosen work folder. */
    public static CarRacingExperiment open() {
        return open(Preset.chosen());
    }

    /** A preset, or an ablation of it, in the chosen work folder. */
    public static CarRacingExperiment open(Preset preset) {
        return open(preset, WorkFolder.chosen());
    }

    /** A preset in a work folder of its own. */
    public static CarRacingExperiment open(Preset preset, Path work) {
        return new CarRacingExperiment(preset, work);
    }

    /** Another experiment in the same work folder, so that stages both need are made once; the caller closes it. */
    public CarRacingExperiment beside(Preset other) {
        return open(other, work);
    }

    /**
     * The {@code chains} that stand behind a row of a table: this experiment and, with the seeds after its own, others that share nothing with it but the
     * settings and the test tracks; rollouts, V, M and C are each one's own. An episode's {@link worldmodels.evaluation.TestEpisode#run} is its chain's
     * seed. They are closed with this experiment. A later round is one chain's alone.
     */
    public synchronized List<CarRacingExperiment> chains() {
        if (chains == null) {
            Stream<CarRacingExperiment> others = LongStream.range(own.seed + 1, own.seed + (round == 1 ? own.chains : 1))
                    .mapToObj(seed -> beside(preset.with("seed", String.valueOf(seed)).with("chains", "1")));
            chains = Stream.concat(Stream.of(this), others).toList();
        }
        return chains;
    }

    /**
     * The next round (Ha and Schmidhuber 2018, section 5, "iterative training procedure"): agents record more episodes, with noise on their actions,
     * and what follows learns from these and all before ({@link RoundTraining}). The caller closes it, and this one after it.
     *
     * @param by      the stage that the agents' C come from
     * @param drivers who drive by turns; they share V and M
     */
    public CarRacingExperiment next(Stage by, Function<Progress, List<Agent>> drivers) {
        Rollouts more = rollouts.and(Recording.driven(preset, work, round + 1, List.of(rollouts.stage(), by), drivers));
        boolean isContinued = Settings.of(preset, RoundSettings.class).training() == RoundTraining.CONTINUED;
        return new CarRacingExperiment(preset, work, round + 1, more, Optional.of(this).filter(before -> isContinued));
    }

    public Preset preset() {
        return preset;
    }

    /** 1 where the episodes are the exploration policy's alone. */
    public int round() {
        return round;
    }

    public CarRacingVersion version() {
        return own.road.version();
    }

    /** CarRacing as the agent meets it: 64 x 64 pixels, cut off after some steps. */
    public Environment environment(int steps) {
        return own.road.limited(steps);
    }

    /** How much of the tracks each exploration policy gets to see, by the policy's name. */
    public Map<String, Coverage> coverage(int episodes, Progress progress) {
        return Coverage.ofExplorers(version(), episodes, progress);
    }

    /** The recorded episodes: frames, actions, rewards. */
    public EpisodeStore episodes(Progress progress) {
        return rollouts.episodes(progress);
    }

    /** Plays the damaged or missing episodes again, and only them. */
    public EpisodeStore repairedEpisodes(Progress progress) {
        return rollouts.repaired(progress);
    }

    /** Recorded or encoded episodes, in the store's order, as those that V and M learn from and those they never see. */
    public <T> Split<T> split(List<T> episodes) {
        return rollouts.split(episodes);
    }

    /** V, trained on the frames of all episodes but those kept for validation. */
    public TrainedVision vision(Progress progress) {
        return vision.trained(progress);
    }

    /** Whether V has learned enough to go on, measured on the validation episodes. */
    public VisionQuality visionQuality(Progress progress) {
        return tests().quality(progress);
    }

    /** How good V's pictures of the validation episodes' frames are, of {@code frames} of them at most. */
    public PictureScores pictureScores(FeatureExtractor extractor, int frames, Progress progress) {
        return tests().pictureScores(extractor, frames, progress);
    }

    /** What z tells of the driver's situation, R² of linear probes fitted on {@code episodes} training episodes at most. */
    public Map<String, Double> probes(int episodes, Progress progress) {
        return tests().probes(version(), encoded(progress), episodes, progress);
    }

    /** Where z of the validation episodes' frames lies, coloured by curvature and by speed. */
    public Figure latentMap(Progress progress) {
        return tests().map(version(), encoded(progress), progress);
    }

    private VisionTests tests() {
        return new VisionTests(own.seed, manager, rollouts, vision);
    }

    /** Every episode as V sees it, in the order of the store. */
    public List<LatentEpisode> encoded(Progress progress) {
        return encodings.episodes(progress);
    }

    /** M, trained on the latent episodes; with {@code memory.trained = false} as it was initialised. */
    public TrainedMemory memory(Progress progress) {
        return memory.trained(progress);
    }

    /** V's stage, whether or not it is finished. */
    public Stage visionStage() {
        return vision.stage();
    }

    /** M's stage, whether or not it is finished: for what is learned on V and M. */
    public Stage memoryStage() {
        return memory.stage();
    }

    /** Another M on the same episodes; {@code settings} are what its stage depends on beside them. */
    public Memory memory(String name, Map<String, String> settings, Memory.Plan plan) {
        return new Memory(preset, work, named(name), settings, manager, encodings, plan);
    }

    /** C on these features, evolved with the preset's seed. */
    public TrainedController controller(Features features, Progress progress) {
        return controllers.trained(features, progress);
    }

    /** C on these features, of each chain. */
    public List<TrainedController> controllers(Features features, Progress progress) {
        return chains().stream().map(chain -> chain.controller(features, progress)).toList();
    }

    /** What the chains' searches for C on these features have come to so far, by seed; another process may be running them. */
    public SortedMap<Long, List<Generation>> generations(Features features) {
        SortedMap<Long, List<Generation>> soFar = new TreeMap<>();
        chains().forEach(chain -> soFar.put(chain.own.seed, chain.controllers.generations(features)));
        soFar.values().removeIf(List::isEmpty);
        return soFar;
    }

    /** The features of the rows that get a {@link LatePhase}; none where the preset has none. */
    public List<Features> lateRows() {
        return LatePhase.features(preset);
    }

    /** The late searches for C on these features, of each chain. */
    public List<TrainedController> lateControllers(Features features, Progress progress) {
        return chains().stream().map(chain -> chain.latePhase.searched(features, progress)).toList();
    }

    /** What the late phase added on selection tracks, by the chain's seed. */
    public SortedMap<Long, LateGain> lateGains(Features features, Progress progress) {
        SortedMap<Long, LateGain> gains = new TreeMap<>();
        chains().forEach(chain -> gains.put(chain.own.seed, chain.latePhase.gain(features, progress)));
        return gains;
    }

    /** C of each chain on the test tracks, after the late phase where that was a gain. */
    public Evaluation lateEvaluation(Features features, Progress progress) {
        return Evaluation.together(chains().stream().map(chain -> chain.latePhase.evaluation(features, progress)).toList());
    }

    /** The stages of {@link #lateEvaluation}, one for each chain. */
    public List<Stage> lateStages(Features features) {
        return chains().stream().map(chain -> chain.latePhase.evaluationStage(features)).toList();
    }

    /** As many episodes spent on C in each of {@code study.ways}; what population and tracks of a preset were chosen by. */
    public List<TrainedController> study(Progress progress) {
        return new ControllerStudies(preset, work, controllers).ways(progress);
    }

    /** Whether ending stalled episodes early changes who is better. */
    public StallCheck stallCheck(Progress progress) {
        return new ControllerStudies(preset, work, controllers).stallCheck(progress);
    }

    /** C of each chain on the test tracks, at full episode length. */
    public Evaluation evaluation(Features features, Progress progress) {
        return evaluation(features, Settings.of(preset, Driving.class), progress);
    }

    /** Those weights, acting in another way than they were trained. */
    public Evaluation evaluation(Features features, Driving driving, Progress progress) {
        return Evaluation.together(chains().stream().map(chain -> chain.drives.evaluation(features, driving, progress)).toList());
    }

    /** The stages of a row of the table, one for each chain, for its provenance. */
    public List<Stage> evaluationStages(Features features) {
        return evaluationStages(features, Settings.of(preset, Driving.class));
    }

    /** The stages of {@link #evaluation(Features, Driving, Progress)}. */
    public List<Stage> evaluationStages(Features features, Driving driving) {
        return chains().stream().map(chain -> chain.drives.stage(features, driving)).toList();
    }

    /**
     * Drives any agent of this preset's environment on tracks, at full episode length; no stage, nothing is kept.
     *
     * @param run the training seed it comes from
     */
    public Evaluation drive(Agent agent, long run, long[] tracks, Progress progress) {
        return drives.drive(agent, run, tracks, progress);
    }

    /** The yardstick: uniformly random actions on the test tracks. */
    public Evaluation evaluationOfRandomActions(Progress progress) {
        return drives.randomActions(progress);
    }

    /** The stage of {@link #evaluationOfRandomActions}. */
    public Stage randomActionsStage() {
        return drives.randomActionsStage();
    }

    /** One agent of this experiment, ready to act. */
    public Agent agent(Features features, Progress progress) {
        return drives.agent(controller(features, progress), progress);
    }

    /** The stage of the recorded episodes, for provenance. */
    public Stage rollouts() {
        return rollouts.stage();
    }

    /** A stage of this round, in the experiment's work folder. */
    public Stage stage(String name, Map<String, String> settings, List<Stage> inputs) {
        return new Stage(work, named(name), settings, inputs);
    }

    /** A stage's name, with the number of a later round. */
    private String named(String stage) {
        return round == 1 ? stage : stage + "-" + round;
    }

    @Override
    public synchronized void close() {
        if (chains != null) {
            chains.stream().skip(1).forEach(CarRacingExperiment::close);
        }
        manager.close();
    }
}
