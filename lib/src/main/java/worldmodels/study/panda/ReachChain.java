package worldmodels.study.panda;

import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.IntFunction;
import worldmodels.agent.FeaturePolicy;
import worldmodels.agent.LatentEnvironments;
import worldmodels.agent.PopulationRollouts;
import worldmodels.controller.Controller;
import worldmodels.controller.LinearController;
import worldmodels.controller.Squash;
import worldmodels.data.Crew;
import worldmodels.data.HeldAction;
import worldmodels.data.Policy;
import worldmodels.data.Split;
import worldmodels.data.StoredEpisode;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.EnvironmentMaker;
import worldmodels.env.GoalEnvironment;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.env.TimeLimit;
import worldmodels.env.panda.PandaControl;
import worldmodels.env.panda.PandaReach;
import worldmodels.env.panda.PandaReward;
import worldmodels.env.panda.PandaVersion;
import worldmodels.evaluation.LinearProbe;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.evolution.Candidate;
import worldmodels.evolution.Evolution;
import worldmodels.evolution.Fitness;
import worldmodels.evolution.Generation;
import worldmodels.evolution.RolloutFitness;
import worldmodels.memory.LatentEpisode;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MdnRnnShape;
import worldmodels.nn.AuthorsVersion;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Seeds;
import worldmodels.report.RgbFrame;
import worldmodels.run.KitException;
import worldmodels.run.Preset;
import worldmodels.run.Processor;
import worldmodels.run.Progress;
import worldmodels.run.Settings;
import worldmodels.run.Stage;
import worldmodels.study.carracing.Encodings;
import worldmodels.study.carracing.Memory;
import worldmodels.study.carracing.MemorySettings;
import worldmodels.study.carracing.Recording;
import worldmodels.study.carracing.Rollouts;
import worldmodels.study.carracing.TrainedMemory;
import worldmodels.study.carracing.TrainedVision;
import worldmodels.study.carracing.Vision;
import worldmodels.study.carracing.VisionFigures;
import worldmodels.vision.VisionModel;

/**
 * One chain of the world model on reach: random episodes with pictures, V on their frames, M on what V sees, C evolved on both in the real task, all with one
 * seed. Recording, V and M are CarRacing's; C is a linear map of [z h], or of [z h] and the goal, to actions.
 */
public final class ReachChain {

    /** Height and width of a picture that V takes. */
    static final int SIDE = 64;

    private static final int LANES = 16;
    private static final int MIXTURES = 5;
    private static final String FILE = "controller.safetensors";
    private static final String KIND = "ReachController";
    private static final String WEIGHTS = "controller";
    /** Moments that a probe is fitted on, at most. */
    private static final int MOMENTS = 20_000;

    /** V and M of one control. */
    private record World(Rollouts rollouts, Vision vision, Encodings encodings, Memory memory) {}

    private final Preset preset;
    private final ReachStudy study;
    private final Path work;
    private final NDManager manager;
    private final Map<String, World> worlds = new HashMap<>();

    ReachChain(Preset preset, Path work, NDManager manager) {
        this.preset = preset;
        this.study = ReachStudy.of(preset);
        this.work = work;
        this.manager = manager;
    }

    /** The seed of all that is random in it. */
    public long seed() {
        return study.seed();
    }

    private World world(String vision, PandaControl control) {
        return worlds.computeIfAbsent(vision + " " + control, key -> make(vision, control));
    }

    private World make(String vision, PandaControl control) {
        String of = control.name().toLowerCase(Locale.ROOT).replace('_', '-');
        SortedMap<String, String> recorded = preset.section("reach.episodes", "reach.held", "reach.validation", "panda.version", "seed");
        recorded.put("control", control.name());
        long[] seeds = TrackSeeds.ROLLOUT.ofChain(study.seed(), 0, study.episodes());
        Rollouts rollouts = new Rollouts(new Recording(new Stage(work, "rollouts-panda-" + of, Recording.withFirst(seeds, recorded), List.of()), seeds,
                study.validation(), Seeds.named(study.seed(), "split"), 1, LANES,
                progress -> new Crew(environment(new PandaTask(control, PandaReward.DENSE), PandaReach.STEPS),
                        (arms, manager) -> new HeldAction(arms.actionSpace(), arms.lanes(), study.held()))));
        Preset parts = study.parts(preset, vision);
        String named = vision.toLowerCase(Locale.ROOT).replace('_', '-') + "-" + of;
        Vision v = new Vision(parts, work, "vision-panda-" + named, manager, rollouts);
        Encodings encodings = Encodings.of(work, "encodings-panda-" + named, rollouts, v);
        MdnRnnShape shape = new MdnRnnShape(study.latent(), control.actions(), study.hidden(), MIXTURES, false, false);
        return new World(rollouts, v, encodings, new Memory(parts, work, "memory-panda-" + named,
                Settings.text(parts, AuthorsVersion.Followed.class, MemorySettings.class), manager, encodings, new Memory.Plan(shape, study.memoryEpochs())));
    }

    private EnvironmentMaker environment(PandaTask task, int steps) {
        return environment(task.control(), task.reward(), study.version(), steps);
    }

    private static EnvironmentMaker environment(PandaControl control, PandaReward reward, PandaVersion version, int steps) {
        return () -> new TimeLimit(PandaReach.withPictures(control, reward, version, SIDE), steps);
    }

    /** V of a row, trained or loaded. */
    public TrainedVision vision(ReachRow row, Progress progress) {
        return world(row.vision(), row.control()).vision().trained(progress);
    }

    /** M of a row, trained or loaded. */
    public TrainedMemory memory(ReachRow row, Progress progress) {
        return world(row.vision(), row.control()).memory().trained(progress);
    }

    /** Frames of episodes that V has not learned from, one of each. */
    public List<RgbFrame> unseen(ReachRow row, int count, int time, Progress progress) {
        Rollouts rollouts = world(row.vision(), row.control()).rollouts();
        var store = rollouts.episodes(progress);
        return rollouts.split(store.episodes()).validation().stream().limit(count).map(each -> new RgbFrame(SIDE, SIDE, store.read(each).observation(time))).toList();
    }

    /** What z tells of where hand and goal are, on episodes that V has not learned from. */
    public List<ReachProbe> probes(ReachRow row, Progress progress) {
        World world = world(row.vision(), row.control());
        Split<Moments> split = world.rollouts().split(moments(row, progress));
        double[][] z = z(split.train());
        double[][] unseen = split.validation().stream().flatMap(each -> each.z.stream()).toArray(double[][]::new);
        String[] names = {"hand x", "hand y", "hand z", "goal x", "goal y", "goal z"};
        List<ReachProbe> probes = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            int coordinate = i;
            IntFunction<double[]> values = ofTrain -> (ofTrain == 1 ? split.train() : split.validation()).stream()
                    .flatMap(each -> each.places.stream()).mapToDouble(place -> 100 * place[coordinate]).toArray();
            double[] fitted = Arrays.copyOf(values.apply(1), z.length);
            double[] judged = values.apply(0);
            double share = LinearProbe.fit(z, fitted).share(unseen, judged);
            double mean = Arrays.stream(judged).average().orElseThrow();
            double spread = Math.sqrt(Arrays.stream(judged).map(v -> (v - mean) * (v - mean)).average().orElseThrow());
            probes.add(new ReachProbe(names[i], share, spread * Math.sqrt(Math.max(0, 1 - share)), spread));
        }
        return probes;
    }

    private List<Moments> moments(ReachRow row, Progress progress) {
        World world = world(row.vision(), row.control());
        List<StoredEpisode> stored = world.rollouts().episodes(progress).episodes();
        List<LatentEpisode> encoded = world.encodings().episodes(progress);
        List<Moments> all = new ArrayList<>();
        try (PandaReach again = new PandaReach(row.control(), PandaReward.DENSE, study.version())) {
            for (int i = 0; i < stored.size(); i++) {
                all.add(Moments.of(encoded.get(i), stored.get(i).seed(), again));
            }
        }
        return all;
    }

    /**
     * A C that nobody searched for: a = tanh(g - p), the proportional controller with p, where a linear probe reads the hand from z, for the hand. What the
     * row's own C lacks to it is the search's.
     *
     * @return its weights for a gain of 1 per metre; k times these for a gain of k
     * @throws KitException unless an action moves the hand and C sees the goal
     */
    public double[] probing(ReachRow row, Progress progress) {
        if (row.control() != PandaControl.END_EFFECTOR || row.sight() != Sight.GOAL) {
            throw new KitException("A probe's place of the hand steers the hand to a goal that is told, which is not so for: " + row + ".");
        }
        List<Moments> train = world(row.vision(), row.control()).rollouts().split(moments(row, progress)).train();
        double[][] z = z(train);
        int actions = row.control().actions();
        double[] weights = new double[controller(row).parameterCount()];
        for (int i = 0; i < actions; i++) {
            int direction = i;
            double[] hand = train.stream().flatMap(each -> each.places.stream()).limit(MOMENTS).mapToDouble(place -> place[direction]).toArray();
            double[] probe = LinearProbe.fit(z, hand).weights();
            double half = (PandaReach.GOALS.high(i) - PandaReach.GOALS.low(i)) / 2;
            weights[i] = PandaReach.GOALS.low(i) + half - probe[0];
            for (int number = 0; number < study.latent(); number++) {
                weights[(number + 1) * actions + i] = -probe[number + 1];
            }
            weights[(study.latent() + study.hidden() + i + 1) * actions + i] = half;
        }
        return weights;
    }

    /** What a probe is fitted on. */
    private static double[][] z(List<Moments> moments) {
        return moments.stream().flatMap(each -> each.z.stream()).limit(MOMENTS).toArray(double[][]::new);
    }

    /** Of one episode: z at each frame, and hand and goal there. */
    private record Moments(List<double[]> z, List<double[]> places) {

        /** The episode is played again, without pictures. */
        static Moments of(LatentEpisode episode, long seed, PandaReach arm) {
            Moments moments = new Moments(new ArrayList<>(), new ArrayList<>());
            arm.reset(seed);
            double[] goal = arm.desiredGoal();
            for (int t = 0; t < episode.frames(); t++) {
                double[] hand = arm.achievedGoal();
                float[] mean = episode.mean(t);
                double[] z = new double[mean.length];
                Arrays.setAll(z, i -> mean[i]);
                moments.z.add(z);
                moments.places.add(new double[] {hand[0], hand[1], hand[2], goal[0], goal[1], goal[2]});
                arm.step(episode.action(t));
            }
            return moments;
        }
    }

    private Stage controllerStage(ReachRow row) {
        SortedMap<String, String> settings = preset.section("reach.steps", "reach.population", "reach.rollouts", "reach.generations", "reach.sigma",
                "reach.selection", "reach.averaged", "agent.latent", "panda.version");
        settings.put("reward", row.reward().name());
        settings.put("sight", row.sight().name());
        settings.put("training seed", String.valueOf(study.seed()));
        return new Stage(work, "controller-panda-" + row.word() + "-" + study.seed(), settings, List.of(world(row.vision(), row.control()).memory().stage()));
    }

    /** The stage of a row's trial. */
    public Stage evaluationStage(ReachRow row) {
        return new Stage(work, "panda-evaluation-" + row.word() + "-" + study.seed(), preset.section("panda.evaluationEpisodes"), List.of(controllerStage(row)));
    }

    /** C of a row, to the end of its search or loaded. */
    public ReachedController controller(ReachRow row, Progress progress) {
        Stage stage = controllerStage(row);
        if (!stage.isFinished()) {
            VisionModel vision = vision(row, progress).model();
            MdnRnn memory = memory(row, progress).model();
            stage.complete(folder -> {
                try (Fitness training = fitness(row, vision, memory, study.steps()); Fitness selection = fitness(row, vision, memory, PandaReach.STEPS)) {
                    Evolution search = new Evolution(study.search(), new double[controller(row).parameterCount()], study.seed(), training, selection,
                            TrackSeeds.forSearch(study.seed()), folder.resolve(Evolution.CHECKPOINT));
                    Candidate selected = search.run(progress);
                    new Checkpoint.Draft(KIND).put(WEIGHTS, selected.parameters()).write(folder.resolve(FILE));
                    return Map.of("generation", String.valueOf(selected.generation()), "selectionScore", String.valueOf(selected.selectionScore()),
                            "environmentSteps", String.valueOf(search.history().stream().mapToLong(Generation::steps).sum()));
                }
            });
        }
        double[] weights = Checkpoint.read(stage.file(FILE), KIND).doubles(WEIGHTS);
        controller(row).require(weights);
        return new ReachedController(row, weights, Generation.readCsv(stage.file(Evolution.GENERATIONS)), stage);
    }

    private Controller controller(ReachRow row) {
        int goal = row.sight() == Sight.GOAL ? PandaReach.GOALS.size() : 0;
        return new LinearController(study.latent() + study.hidden() + goal, true, Squash.into(row.control().space()));
    }

    private Fitness fitness(ReachRow row, VisionModel vision, MdnRnn memory, int steps) {
        return new RolloutFitness(PopulationRollouts.seeing(Processor.available(), LANES,
                lanes -> latent(row, new ThreadedEnvironments(lanes, 1, environment(row.task(), steps)), vision, memory), controller(row)));
    }

    private LatentEnvironments latent(ReachRow row, ThreadedEnvironments frames, VisionModel vision, MdnRnn memory) {
        return new LatentEnvironments(frames, vision, memory, study.latentChoice(), 1, row.sight().beside(lane -> (GoalEnvironment) frames.lane(lane).unwrapped()));
    }

    /** A row's agent on the test goals. */
    public Reaches evaluation(ReachRow row, Progress progress) {
        Stage stage = evaluationStage(row);
        return Reaches.keptBy(stage, () -> trial(row, controller(row, progress).weights(), progress));
    }

    /** Any C in the place of a row's, on the test goals. */
    public Reaches trial(ReachRow row, double[] weights, Progress progress) {
        try (ThreadedEnvironments frames = new ThreadedEnvironments(LANES, Processor.available(), environment(row.task(), PandaReach.STEPS));
                BatchedEnvironment seen = latent(row, frames, vision(row, progress).model(), memory(row, progress).model());
                Policy policy = new FeaturePolicy(controller(row), seen.observationSpace().size(), LANES).population(new double[][] {weights})) {
            return Reaches.of(study.seed(), policy, seen, frames::lane, study.evaluationEpisodes(), progress);
        }
    }

    /** An episode of a row's agent, with what V keeps of each frame. */
    public ReachFilm film(ReachRow row, long goal, int steps, Progress progress) {
        double[] weights = controller(row, progress).weights();
        VisionModel vision = vision(row, progress).model();
        List<RgbFrame> seen = new ArrayList<>();
        List<float[]> z = new ArrayList<>();
        List<Double> distances = new ArrayList<>();
        ThreadedEnvironments frames = new ThreadedEnvironments(1, 1, environment(row.task(), steps));
        try (BatchedEnvironment latent = latent(row, frames, vision, memory(row, progress).model())) {
            ByteBuffer observation = latent.newObservations();
            boolean[] one = {true};
            boolean[] terminated = new boolean[1];
            boolean[] truncated = new boolean[1];
            double[] action = new double[row.control().actions()];
            float[] features = new float[latent.observationSpace().size()];
            Controller controller = controller(row);
            latent.reset(one, new long[] {goal}, observation);
            for (int t = 0; t <= steps; t++) {
                observation.clear().asFloatBuffer().get(features);
                seen.add(RgbFrame.of(frames.lane(0)));
                z.add(Arrays.copyOf(features, study.latent()));
                distances.add(distance((GoalEnvironment) frames.lane(0).unwrapped()));
                if (t < steps) {
                    controller.act(features, 0, weights, action, 0);
                    latent.step(one, action, new double[1], terminated, truncated, observation);
                }
            }
        }
        return new ReachFilm(seen, VisionFigures.decoded(vision, z.toArray(float[][]::new)), distances);
    }

    private static double distance(GoalEnvironment task) {
        double sum = 0;
        for (int i = 0; i < task.goalSpace().size(); i++) {
            sum += Math.pow(task.achievedGoal()[i] - task.desiredGoal()[i], 2);
        }
        return Math.sqrt(sum);
    }
}
