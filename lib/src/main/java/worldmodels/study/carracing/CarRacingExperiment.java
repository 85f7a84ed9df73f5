package worldmodels.study.carracing;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import worldmodels.agent.Agent;
import worldmodels.agent.LatentChoice;
import worldmodels.agent.PopulationRollouts;
import worldmodels.agent.RandomNetworkPolicy;
import worldmodels.agent.WorldModelPolicy;
import worldmodels.controller.Controller;
import worldmodels.controller.Features;
import worldmodels.data.EncodedStore;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeStore;
import worldmodels.data.Exploration;
import worldmodels.data.FrameBatches;
import worldmodels.data.NoisyActions;
import worldmodels.data.Npy;
import worldmodels.data.Policy;
import worldmodels.data.RolloutEngine;
import worldmodels.data.Split;
import worldmodels.data.StoredEpisode;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.Environment;
import worldmodels.env.StallLimit;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.env.TimeLimit;
import worldmodels.env.WorldModelsFrame;
import worldmodels.env.carracing.CarRacing;
import worldmodels.env.carracing.CarRacingVersion;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.FeatureExtractor;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.evolution.Evolution;
import worldmodels.evolution.Fitness;
import worldmodels.evolution.Generation;
import worldmodels.evolution.RolloutFitness;
import worldmodels.memory.LatentEpisode;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MdnRnnLearner;
import worldmodels.memory.MdnRnnSettings;
import worldmodels.memory.MdnRnnShape;
import worldmodels.nn.Compute;
import worldmodels.nn.LearningCurve;
import worldmodels.nn.Seeds;
import worldmodels.nn.Training;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;
import worldmodels.run.Preset;
import worldmodels.run.Processor;
import worldmodels.run.Progress;
import worldmodels.run.Stage;
import worldmodels.run.WorkFolder;
import worldmodels.vision.FrameEncoder;
import worldmodels.vision.VisionLearner;
import worldmodels.vision.VisionModel;
import worldmodels.vision.VisionQuality;

/**
 * Ha and Schmidhuber's experiment (2018, section 2) as stages: record rollouts, train V on their frames, train M on their latent vectors,
 * evolve C on V and M, drive the test tracks. Each method brings its stage and all before it to their end, or loads them; an interrupted
 * one continues where it was.
 */
public final class CarRacingExperiment implements AutoCloseable {

    /** Episodes that are played side by side. */
    public static final int LANES = 64;

    /** CarRacing's registered limit; test episodes are never shorter. */
    public static final int FULL_EPISODE = 1000;

    private static final int JUDGED_BATCH = 20;
    private static final int JUDGED_BATCHES = 50;
    private static final Pattern WAY = Pattern.compile("(\\d{1,6}) *x *(\\d{1,6})");
    private static final String RANDOM_NETWORK = "RANDOM_NETWORK";
    static final String VALIDATION = "validation";
    public static final String MANIFEST = "manifest.csv";
    private static final String VISION_FILE = "vision.safetensors";
    public static final String MEMORY_FILE = "memory.safetensors";

    /**
     * Episodes that were recorded by an agent of an earlier round, on top of that round's.
     *
     * @param before whose episodes, V and M came before
     * @param number of this round; the first, with random driving, is 1
     * @param by     the stage of C
     */
    private record Round(CarRacingExperiment before, int number, Stage by, Function<Progress, Agent> agent) {}

    private final Preset preset;
    private final Path work;
    private final Optional<Round> round;
    private final long seed;
    private final NDManager manager = Compute.newManager();
    private final Map<Integer, RolloutEngine> engines = new HashMap<>();
    private TrainedVision vision;
    private TrainedMemory memory;

    private CarRacingExperiment(Preset preset, Path work, Optional<Round> round) {
        this.preset = preset;
        this.work = work;
        this.round = round;
        this.seed = preset.integer("seed");
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
        return new CarRacingExperiment(preset, work, Optional.empty());
    }

    public Preset preset() {
        return preset;
    }

    /** Another experiment in the same work folder, so that stages both need are made once; the caller closes it. */
    public CarRacingExperiment beside(Preset other) {
        return open(other, work);
    }

    /**
     * The next round (Ha and Schmidhuber 2018, section 5, "iterative training procedure"): an agent records more episodes, with noise on its actions;
     * V and M are trained on these and all before. The caller closes it, and this one after it.
     *
     * @param by    the stage of the agent's C
     * @param agent that drives
     */
    public CarRacingExperiment next(Stage by, Function<Progress, Agent> agent) {
        return new CarRacingExperiment(preset, work, Optional.of(new Round(this, roundNumber() + 1, by, agent)));
    }

    /** Whether this is a later round that goes on with V, M and C of the one before. */
    public boolean isContinued() {
        return round.isPresent() && preset.choice("rounds.training", RoundTraining.class) == RoundTraining.CONTINUED;
    }

    /** 1 where the episodes are the exploration policy's alone. */
    public int roundNumber() {
        return round.map(Round::number).orElse(1);
    }

    public CarRacingVersion version() {
        return preset.choice("env.version", CarRacingVersion.class);
    }

    /** CarRacing as the agent meets it: 64 x 64 pixels, cut off after some steps. */
    public Environment environment(int steps) {
        return new TimeLimit(frames(), steps);
    }

    private Environment frames() {
        CarRacing car = new CarRacing(version());
        return preset.flag("env.hud") ? WorldModelsFrame.withBar(car) : WorldModelsFrame.cropped(car);
    }

    /** The same for training C: {@code evolution.steps} long, and shorter where the car has stalled ({@code evolution.patience}). */
    private Environment trainingEnvironment() {
        int steps = preset.integer("evolution.steps");
        int patience = preset.integer("evolution.patience");
        return patience == 0 ? environment(steps) : new StallLimit(frames(), steps, patience);
    }

    /** The same for a driver's recordings in later rounds: {@code rounds.steps} long, and shorter where the car has stalled ({@code rounds.patience}). */
    private Environment recordedEnvironment() {
        int steps = preset.integer("rounds.steps");
        int patience = preset.integer("rounds.patience");
        return patience == 0 ? environment(steps) : StallLimit.withoutForecast(frames(), steps, patience);
    }

    /** How much of the tracks each exploration policy gets to see, by the policy's name; a glance, not a stage. */
    public Map<String, Coverage> coverage(int episodes, Progress progress) {
        Map<String, Coverage> all = new LinkedHashMap<>();
        List<EpisodeJob> jobs = jobs(TrackSeeds.ROLLOUT.first(episodes));
        try (ThreadedEnvironments cars = new ThreadedEnvironments(episodes, Processor.available(), () -> new TimeLimit(new CarRacing(version()), FULL_EPISODE))) {
            for (String name : explorations()) {
                Coverage coverage = new Coverage(cars);
                new RolloutEngine(cars).run(jobs, exploration(name, cars), coverage, progress);
                all.put(name, coverage);
            }
        }
        return all;
    }

    /** The recorded episodes: frames, actions, rewards. */
    public EpisodeStore episodes(Progress progress) {
        Stage stage = rollouts().complete(folder -> {
            List<StoredEpisode> recorded = record(false, progress);
            return Map.of("environmentSteps", String.valueOf(recorded.stream().mapToLong(StoredEpisode::length).sum()));
        });
        return store(progress);
    }

    /** Plays the damaged or missing episodes again, and only them. */
    public EpisodeStore repairedEpisodes(Progress progress) {
        record(true, progress);
        return store(progress);
    }

    private EpisodeStore store(Progress progress) {
        Path folder = rollouts().folder();
        return round.isPresent() ? new EpisodeStore(folder, round.get().before().episodes(progress)) : new EpisodeStore(folder);
    }

    /** V, trained on the frames of all episodes but those kept for validation. */
    public TrainedVision vision(Progress progress) {
        if (isContinued()) {
            return round.orElseThrow().before().vision(progress);
        }
        if (vision == null) {
            Stage stage = visionStage();
            if (!stage.isFinished()) {
                EpisodeStore episodes = episodes(progress);
                stage.complete(folder -> {
                    return facts(train(episodes, folder, progress));
                });
            }
            Path file = stage.file(VISION_FILE);
            vision = new TrainedVision(VisionModel.load(manager, file), LearningCurve.of(file), stage);
        }
        return vision;
    }

    /** Whether V has learned enough to go on, measured on the validation episodes. */
    public VisionQuality visionQuality(Progress progress) {
        VisionModel model = vision(progress).model();
        EpisodeStore episodes = episodes(progress);
        try (FrameBatches validation = judged(episodes)) {
            return VisionQuality.measure(manager, model, validation::fill, Math.min(JUDGED_BATCHES, validation.batchesPerEpoch()),
                    validation.batch());
        }
    }

    /**
     * How good V's pictures of the validation episodes' frames are.
     *
     * @param frames at most so many of them
     */
    public PictureScores pictureScores(FeatureExtractor extractor, int frames, Progress progress) {
        VisionModel model = vision(progress).model();
        EpisodeStore episodes = episodes(progress);
        try (FrameBatches validation = judged(episodes)) {
            int batches = (int) Math.clamp(frames / validation.batch(), 1, validation.batchesPerEpoch());
            return PictureScores.of(manager, model, validation::fill, batches, validation.batch(), extractor, seed, progress);
        }
    }

    /**
     * What z tells of the driver's situation, R² of linear probes: fitted on frames of training episodes, judged on those of validation
     * episodes; of each fifth frame, where the car is on the road.
     *
     * @param episodes how many training episodes, at most
     */
    public Map<String, Double> probes(int episodes, Progress progress) {
        Split<LatentEpisode> seen = split(encoded(progress));
        EpisodeStore store = episodes(progress);
        Split<StoredEpisode> recorded = split(store.episodes());
        int count = Math.min(episodes, seen.train().size());
        Moments train = Moments.of(version(), store, recorded.train().subList(0, count), seen.train().subList(0, count), progress);
        Moments test = Moments.of(version(), store, recorded.validation(), seen.validation(), progress);
        return train.probes(test);
    }

    /**
     * Recorded or encoded episodes, in the store's order, as those that V and M learn from and those they never see; each round's episodes
     * are split by themselves, so that nothing is kept from one round and learned from in another.
     */
    public <T> Split<T> split(List<T> episodes) {
        int kept = preset.integer("rollouts.validation");
        if (round.isEmpty()) {
            return Split.of(episodes, kept, Seeds.named(seed, "split"));
        }
        int own = preset.integer("rounds.episodes");
        int earlier = episodes.size() - own;
        Split<T> before = round.get().before().split(episodes.subList(0, earlier));
        int keptOfOwn = Math.min(own - 1, Math.ceilDiv(own * kept, preset.integer("rollouts.episodes")));
        return before.and(Split.of(episodes.subList(earlier, episodes.size()), keptOfOwn, Seeds.named(seed, "split", roundNumber())));
    }

    /** Every episode as V sees it, in the order of the store. */
    public List<LatentEpisode> encoded(Progress progress) {
        EpisodeStore episodes = episodes(progress);
        TrainedVision v = vision(progress);
        Stage stage = encodings();
        stage.complete(folder -> {
            try (FrameEncoder encoder = v.model().encoder()) {
                new EncodedStore(folder).encode(episodes, isContinued() ? episodes.own() : episodes.episodes(), v.model().latentSize(), Npy.Type.FLOAT16, encoder::encode, progress);
            }
            return Map.of();
        });
        EncodedStore encoded = new EncodedStore(stage.folder());
        List<LatentEpisode> all = new ArrayList<>(isContinued() ? round.orElseThrow().before().encoded(progress) : List.of());
        all.addAll(LatentEpisode.read(encoded, encoded.episodes()));
        return all;
    }

    /** M, trained on the latent episodes; with {@code memory.trained = false} as it was initialised. */
    public TrainedMemory memory(Progress progress) {
        if (memory == null) {
            Stage stage = memoryStage();
            MdnRnnShape shape = MdnRnnShape.carRacing(preset.integer("vision.latent"));
            if (!preset.flag("memory.trained")) {
                memory = new TrainedMemory(new MdnRnn(manager, shape, Seeds.named(seed, "memory")), LearningCurve.EMPTY, stage);
            } else {
                train(shape, stage, encoded -> encoded, progress);
                Path file = stage.file(MEMORY_FILE);
                memory = new TrainedMemory(MdnRnn.load(manager, shape, file), LearningCurve.of(file), stage);
            }
        }
        return memory;
    }

    /** C on these features, evolved with the preset's seed. */
    public TrainedController controller(Features features, Progress progress) {
        return controller(features, seed, progress);
    }

    /** C on these features, once for each of its training seeds. */
    public List<TrainedController> controllers(Features features, Progress progress) {
        return LongStream.of(trainingSeeds(features)).mapToObj(s -> controller(features, s, progress)).toList();
    }

    /**
     * The same number of episodes ({@code study.episodes}) spent on C in several ways: more candidates, more tracks for each, or more
     * generations. What a preset's {@code evolution.population} and {@code evolution.rollouts} were chosen by.
     */
    public List<TrainedController> study(Progress progress) {
        List<TrainedController> searches = new ArrayList<>();
        for (Preset way : studied()) {
            try (CarRacingExperiment experiment = beside(way)) {
                searches.add(experiment.controller(Features.Z_H, progress));
            }
        }
        return searches;
    }

    private List<Preset> studied() {
        List<Preset> ways = new ArrayList<>();
        for (String way : preset.text("study.ways").split(",")) {
            Matcher numbers = WAY.matcher(way.strip());
            if (!numbers.matches()) {
                throw new KitException("Setting study.ways must be like '64 x 4, 32 x 8' (candidates x tracks), not '" + way.strip() + "'.");
            }
            int population = Integer.parseInt(numbers.group(1));
            int rollouts = Integer.parseInt(numbers.group(2));
            int generations = Math.max(1, preset.integer("study.episodes") / (population * rollouts));
            ways.add(preset.with("evolution.population", String.valueOf(population)).with("evolution.rollouts", String.valueOf(rollouts))
                    .with("evolution.generations", String.valueOf(generations))
                    .with("evolution.selectionEvery", String.valueOf(generations)));
        }
        return ways;
    }

    /**
     * Whether ending stalled episodes early changes who is better: candidates round the selected C on z and h, as far from it as the search
     * was at its end, drive the same tracks with and without {@code evolution.patience}. Without a patience both are the same.
     */
    public StallCheck stallCheck(Progress progress) {
        WorldModel parts = parts(Features.Z_H, progress);
        TrainedController centre = controller(Features.Z_H, progress);
        Stage stage = stage("stall-check", preset.section("evolution.", "agent."), centre.stage());
        stage.complete(folder -> {
            double[][] candidates = around(centre);
            long[] tracks = TrackSeeds.TRAIN.drawn(seed, "of the stall check", preset.integer("evolution.rollouts"));
            int steps = preset.integer("evolution.steps");
            try (PopulationRollouts patient = drivers(parts, Features.Z_H, () -> environment(steps));
                    PopulationRollouts hasty = drivers(parts, Features.Z_H, this::trainingEnvironment)) {
                return StallCheck.of(new RolloutFitness(patient::play).evaluate(candidates, tracks, progress),
                        new RolloutFitness(hasty::play).evaluate(candidates, tracks, progress)).facts();
            }
        });
        return StallCheck.of(stage.facts());
    }

    private double[][] around(TrainedController centre) {
        Pcg64 random = Pcg64.stream(seed, "stall check");
        double[][] candidates = new double[preset.integer("evolution.population")][centre.selected().parameters().length];
        for (double[] candidate : candidates) {
            for (int i = 0; i < candidate.length; i++) {
                candidate[i] = centre.selected().parameters()[i] + centre.history().getLast().sigma() * random.standardNormal();
            }
        }
        return candidates;
    }

    /** What the searches for C on these features have come to so far, by training seed; another process may be running them. */
    public SortedMap<Long, List<Generation>> generations(Features features) {
        SortedMap<Long, List<Generation>> soFar = new TreeMap<>();
        for (long trainingSeed : trainingSeeds(features)) {
            List<Generation> generations = Search.generations(controllerStage(features, trainingSeed));
            if (!generations.isEmpty()) {
                soFar.put(trainingSeed, generations);
            }
        }
        return soFar;
    }

    /** The preset's seed, and the ones after it for C on z and h, the row that the others are compared with. */
    private long[] trainingSeeds(Features features) {
        return LongStream.range(seed, seed + (features == Features.Z_H ? preset.integer("evaluation.seeds") : 1)).toArray();
    }

    /** C of another training seed on the same V and M. */
    public TrainedController controller(Features features, long trainingSeed, Progress progress) {
        WorldModel parts = parts(features, progress);
        int parameters = Agent.controller(parts.vision(), parts.memory(), features).parameterCount();
        Agent blank = new Agent(parts.vision(), parts.memory(), features, latentChoice(), new double[parameters]);
        return new Search(controllerStage(features, trainingSeed), searchSettings(), trainingSeed, blank,
                () -> drivers(parts, features, this::trainingEnvironment), () -> drivers(parts, features, () -> environment(FULL_EPISODE)))
                .complete(progress);
    }

    /** C of each training seed on the test tracks, at full episode length. */
    public Evaluation evaluation(Features features, Progress progress) {
        return Evaluation.together(controllers(features, progress).stream().map(trained -> evaluation(trained, progress)).toList());
    }

    private Evaluation evaluation(TrainedController trained, Progress progress) {
        return Evaluation.keptBy(evaluationStage(trained.features(), trained.seed()), () -> test(agent(trained, progress), trained.seed(), progress));
    }

    /**
     * Drives any agent of this preset's environment on the test tracks, at full episode length; no stage, nothing is kept.
     *
     * @param run the training seed it comes from
     */
    public Evaluation test(Agent agent, long run, Progress progress) {
        return drive(agent, run, TrackSeeds.TEST.first(preset.integer("evaluation.tracks")), progress);
    }

    /** The same on any tracks. */
    public Evaluation drive(Agent agent, long run, long[] tracks, Progress progress) {
        try (Fitness drivers = new RolloutFitness(new PopulationRollouts(Processor.available(), LANES, () -> environment(FULL_EPISODE), agent::policy))) {
            return Evaluation.of(run, drivers, agent.parameters(), tracks, progress);
        }
    }

    /** The yardstick: uniformly random actions on the test tracks. */
    public Evaluation evaluationOfRandomActions(Progress progress) {
        return Evaluation.keptBy(randomActionsStage(), () -> {
            BatchedEnvironment cars = engine(FULL_EPISODE).environments();
            return Evaluation.of(seed, exploration("WHITE_NOISE", cars), cars, 1, TrackSeeds.TEST.first(preset.integer("evaluation.tracks")), progress);
        });
    }

    /** The stage of {@link #evaluationOfRandomActions}. */
    public Stage randomActionsStage() {
        return stage("random-actions", preset.section("seed", "env.version", "evaluation.tracks"));
    }

    /** The stages of a row of the table, one for each training seed, for its provenance. */
    public List<Stage> evaluationStages(Features features) {
        return LongStream.of(trainingSeeds(features)).mapToObj(s -> evaluationStage(features, s)).toList();
    }

    private Stage evaluationStage(Features features, long trainingSeed) {
        return stage("evaluation-" + word(features) + "-" + trainingSeed, preset.section("evaluation.tracks", "agent."),
                controllerStage(features, trainingSeed));
    }

    /** One agent of this experiment, ready to act. */
    public Agent agent(Features features, Progress progress) {
        return agent(controller(features, progress), progress);
    }

    Agent agent(TrainedController trained, Progress progress) {
        WorldModel parts = parts(trained.features(), progress);
        return new Agent(parts.vision(), parts.memory(), trained.features(), latentChoice(), trained.selected().parameters());
    }

    @Override
    public void close() {
        engines.values().forEach(engine -> engine.environments().close());
        engines.clear();
        manager.close();
    }

    /** V, and M where the features need it. */
    private record WorldModel(VisionModel vision, MdnRnn memory) {}

    private WorldModel parts(Features features, Progress progress) {
        return new WorldModel(vision(progress).model(), features.usesHidden() ? memory(progress).model() : null);
    }

    private PopulationRollouts drivers(WorldModel parts, Features features, Supplier<Environment> maker) {
        Controller controller = Agent.controller(parts.vision(), parts.memory(), features);
        return new PopulationRollouts(Processor.available(), LANES, maker,
                lanes -> new WorldModelPolicy(parts.vision(), parts.memory(), controller, latentChoice(), lanes));
    }

    private List<StoredEpisode> record(boolean regenerate, Progress progress) {
        EpisodeStore store = store(progress);
        if (round.isEmpty()) {
            RolloutEngine engine = engine(preset.integer("rollouts.steps"));
            try (Policy policy = exploration(preset.text("rollouts.policy"), engine.environments())) {
                return store.record(engine, policy, jobs(recordedTracks()), regenerate, progress);
            }
        }
        try (BatchedEnvironment cars = new ThreadedEnvironments(LANES, Processor.available(), this::recordedEnvironment);
                Policy policy = new NoisyActions(round.get().agent().apply(progress).policy(LANES), cars.actionSpace(), preset.number("rounds.noise"), LANES)) {
            return store.record(new RolloutEngine(cars), policy, jobs(recordedTracks()), regenerate, progress);
        }
    }

    /** Tracks that no round before has seen. */
    private long[] recordedTracks() {
        int first = preset.integer("rollouts.episodes");
        int each = preset.integer("rounds.episodes");
        return round.isEmpty() ? TrackSeeds.ROLLOUT.first(first)
                : LongStream.range(0, each).map(i -> TrackSeeds.ROLLOUT.seed(first + (long) (roundNumber() - 2) * each + i)).toArray();
    }

    private LearningCurve train(EpisodeStore episodes, Path folder, Progress progress) {
        Split<StoredEpisode> split = split(episodes.episodes());
        try (FrameBatches training = frames(episodes, split.train()); FrameBatches validation = frames(episodes, split.validation());
                VisionModel model = visionChoice().model(manager, preset);
                VisionLearner learner = visionChoice().learner(model, preset, training, validation)) {
            return new Training(learner, visionChoice().rhythm(preset, training.batchesPerEpoch()), folder.resolve(VISION_FILE)).run(progress);
        }
    }

    /** A trained M, which lives as long as this experiment. */
    public MdnRnn load(MdnRnnShape shape, Path file) {
        return MdnRnn.load(manager, shape, file);
    }

    /** Trains M as a stage unless that is done. */
    public void train(MdnRnnShape shape, Stage stage, UnaryOperator<LatentEpisode> as, Progress progress) {
        train(() -> new MdnRnn(manager, shape, Seeds.named(seed, "memory")), AuthorsVersion.memoryEpochs(preset), stage, as, progress);
    }

    /** The same with an M to begin with, which is closed then, for so many epochs. */
    public void train(Supplier<MdnRnn> first, int epochs, Stage stage, UnaryOperator<LatentEpisode> as, Progress progress) {
        if (stage.isFinished()) {
            return;
        }
        Split<LatentEpisode> episodes = split(encoded(progress).stream().map(as).toList());
        MdnRnnSettings settings = new MdnRnnSettings(preset.integer("memory.batch"), preset.integer("memory.sequence"),
                epochs, (float) preset.number("memory.learningRate"), (float) preset.number("memory.clip"), 1, 1,
                Seeds.named(seed, "memory training"));
        stage.complete(folder -> {
            Path file = folder.resolve(MEMORY_FILE);
            try (MdnRnn model = first.get();
                    MdnRnnLearner learner = new MdnRnnLearner(model, episodes.train(), episodes.validation(), settings)) {
                return facts(new Training(learner, learner.rhythm(), file).run(progress));
            }
        });
    }

    private Evolution.Settings searchSettings() {
        return new Evolution.Settings(preset.integer("evolution.population"), preset.number("evolution.sigma"),
                preset.integer("evolution.generations"), preset.integer("evolution.rollouts"), preset.integer("evolution.selectionEvery"),
                preset.integer("evolution.selectionTracks"));
    }

    static Map<String, String> facts(LearningCurve curve) {
        return Map.of("training", String.valueOf(curve.last().training()), VALIDATION, String.valueOf(curve.last().validation()));
    }

    private RolloutEngine engine(int steps) {
        return engines.computeIfAbsent(steps, limit -> new RolloutEngine(new ThreadedEnvironments(LANES, Processor.available(), () -> environment(limit))));
    }

    private Policy exploration(String name, BatchedEnvironment cars) {
        if (name.equals(RANDOM_NETWORK)) {
            return new RandomNetworkPolicy(cars.lanes());
        }
        try {
            return Exploration.valueOf(name).policy(cars.actionSpace(), cars.lanes());
        } catch (IllegalArgumentException e) {
            throw new KitException("There is no exploration policy '" + name + "'; choose one of " + String.join(", ", explorations()) + ".", e);
        }
    }

    private static List<String> explorations() {
        List<String> names = new ArrayList<>();
        for (Exploration exploration : Exploration.values()) {
            names.add(exploration.name());
        }
        names.add(RANDOM_NETWORK);
        return names;
    }

    /** The same unseen frames whichever V looks at them. */
    private FrameBatches judged(EpisodeStore store) {
        return new FrameBatches(store, split(store.episodes()).validation(), JUDGED_BATCH, Seeds.named(seed, "judged frames"));
    }

    private FrameBatches frames(EpisodeStore store, List<StoredEpisode> episodes) {
        return new FrameBatches(store, episodes, visionChoice().batch(preset), Seeds.named(seed, "frames"));
    }

    public LatentChoice latentChoice() {
        return latentChoice(preset);
    }

    public static LatentChoice latentChoice(Preset preset) {
        return preset.choice("agent.latent", LatentChoice.class);
    }

    /** The stage of the recorded episodes, for provenance. */
    public Stage rollouts() {
        return round.map(r -> stage(named("rollouts"), preset.section("seed", "env.", "rounds.episodes", "rounds.steps", "rounds.patience", "rounds.noise"), r.before().rollouts(), r.by()))
                .orElseGet(() -> stage("rollouts", preset.section("seed", "env.", "rollouts.")));
    }

    /** A stage's name, with the number of a later round. */
    public String named(String stage) {
        return roundNumber() == 1 ? stage : stage + "-" + roundNumber();
    }

    private VisionChoice visionChoice() {
        return VisionChoice.of(preset);
    }

    private Stage visionStage() {
        return isContinued() ? round.orElseThrow().before().visionStage() : stage(named("vision"), visionChoice().settings(preset), rollouts());
    }

    public Stage encodings() {
        return isContinued() ? stage(named("encodings"), Map.of(), visionStage(), rollouts(), round.orElseThrow().before().encodings())
                : stage(named("encodings"), Map.of(), visionStage());
    }

    private Stage memoryStage() {
        return stage("memory", preset.section("authors", "memory."), encodings());
    }

    private Stage controllerStage(Features features, long trainingSeed) {
        SortedMap<String, String> settings = preset.section("evolution.", "agent.");
        settings.put("features", features.name());
        settings.put("training seed", String.valueOf(trainingSeed));
        settings.put("selection steps", String.valueOf(FULL_EPISODE));
        return stage("controller-" + word(features) + "-" + trainingSeed, settings, features.usesHidden() ? memoryStage() : visionStage());
    }

    public Stage stage(String name, Map<String, String> settings, Stage... inputs) {
        return new Stage(work, name, settings, List.of(inputs));
    }

    static String word(Features features) {
        return features.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static List<EpisodeJob> jobs(long[] seeds) {
        return LongStream.of(seeds).mapToObj(s -> new EpisodeJob(0, s)).toList();
    }
}
