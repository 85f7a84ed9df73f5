package worldmodels.study.dream;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import worldmodels.agent.Agent;
import worldmodels.agent.FeaturePolicy;
import worldmodels.agent.WorldModelPolicy;
import worldmodels.data.Policy;
import worldmodels.data.StoredEpisode;
import worldmodels.dream.Dream;
import worldmodels.dream.DreamSettings;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.evolution.Fitness;
import worldmodels.memory.LatentEpisode;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MdnRnnShape;
import worldmodels.nn.AuthorsVersion;
import worldmodels.report.KeptStages;
import worldmodels.report.Reevaluated;
import worldmodels.run.Processor;
import worldmodels.run.Progress;
import worldmodels.run.Settings;
import worldmodels.run.Settings.Above;
import worldmodels.run.Settings.Key;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Section;
import worldmodels.run.Stage;
import worldmodels.study.carracing.CarRacingExperiment;
import worldmodels.study.carracing.Memory;
import worldmodels.study.carracing.MemorySettings;
import worldmodels.study.carracing.Road;
import worldmodels.study.carracing.RoundSettings;
import worldmodels.study.carracing.RoundTraining;
import worldmodels.study.carracing.TrainedController;
import worldmodels.study.carracing.TrainedMemory;

/**
 * Ha and Schmidhuber's second experiment (2018, section 4), on CarRacing: M gets heads for reward and end, C is evolved inside M's dream at several
 * temperatures and then drives in the real environment, which it has never seen.
 */
public final class DreamExperiment {

    private static final String IN_DREAM = "dream.csv";
    private static final String ON_SELECTION = "selection.csv";
    private static final String IN_REALITY = "reality.csv";
    /** Episodes that are watched step by step. */
    private static final int WATCHED = 16;

    @Section("")
    private record Own(@Key("seed") long seed, @Key("dream.temperatures") @Above(0) List<Double> temperatures, @Key("vision.latent") @Least(1) int latent,
                       MemorySettings memory, DreamMemorySettings dreaming, RoundSettings rounds, DreamMemorySettings.Continued later, Trials trials) {}

    /** Each C is tried on as many tracks, and as many dreams, as {@code tracks} says; and on selection tracks. */
    @Section("evaluation")
    private record Trials(@Least(1) int tracks, @Key("evolution.selectionTracks") @Least(1) int selectionTracks) {}

    private final CarRacingExperiment real;
    private final Own own;
    private final Memory memory;
    private final Dreamers dreamers;

    /**
     * A C that was evolved at one temperature, or the C of several chains.
     *
     * @param inDream     its return in dreams of that temperature that it was not trained in
     * @param onSelection its score on real selection tracks, by which a temperature is chosen
     * @param inReality   its score on real test tracks
     * @param stages      where these are kept, one for each chain
     */
    public record Outcome(double temperature, Evaluation inDream, Evaluation onSelection, Evaluation inReality, List<Stage> stages) {

        /** Those of several chains as one. */
        static Outcome together(List<Outcome> chains) {
            return new Outcome(chains.getFirst().temperature, Evaluation.together(chains.stream().map(Outcome::inDream).toList()),
                    Evaluation.together(chains.stream().map(Outcome::onSelection).toList()), Evaluation.together(chains.stream().map(Outcome::inReality).toList()),
                    chains.stream().flatMap(chain -> chain.stages.stream()).toList());
        }
    }

    /**
     * A car that keeps its wheels turned and a little gas, wherever the road goes: all it can earn are the tiles of its first steps. A dream in which it
     * goes on earning has no road.
     *
     * @param inDream   return over the dream's horizon
     * @param inReality over as many steps
     */
    public record Circling(Evaluation inDream, Evaluation inReality) {}

    /**
     * What an agent has earned after each step, the mean of episodes; one that is over earns no more.
     *
     * @param inDream   (horizon of the dream)
     * @param inReality (steps of a whole drive)
     */
    public record Earned(double[] inDream, double[] inReality) {}

    /** @param real whose V, recorded episodes and environment are used; the caller closes it */
    public DreamExperiment(CarRacingExperiment real) {
        this(real, Optional.empty());
    }

    /** @param before whose M and C this one goes on with; empty where they begin with nothing */
    private DreamExperiment(CarRacingExperiment real, Optional<DreamExperiment> before) {
        this.real = real;
        this.own = Settings.of(real.preset(), Own.class);
        this.memory = before.map(this::continuedMemory).orElseGet(this::firstMemory);
        this.dreamers = new Dreamers(real, memory, before.map(earlier -> earlier.dreamers));
    }

    private Memory firstMemory() {
        return memory(new Memory.Plan(shape(), MemorySettings.epochs(real.preset()), Optional.empty(), DreamExperiment::told, own.dreaming::first, 0),
                AuthorsVersion.Followed.class, MemorySettings.class, DreamMemorySettings.class);
    }

    private Memory continuedMemory(DreamExperiment earlier) {
        return memory(new Memory.Plan(shape(), own.later.memoryEpochs(), Optional.of(earlier.memory), DreamExperiment::told,
                training -> own.dreaming.continued(training, own.later), own.later.recent()), MemorySettings.class, DreamMemorySettings.class,
                DreamMemorySettings.Continued.class);
    }

    @SafeVarargs
    private Memory memory(Memory.Plan plan, Class<? extends Record>... settings) {
        SortedMap<String, String> text = Settings.text(real.preset(), settings);
        text.put("heads", "reward, end");
        return real.memory("dream-memory", text, plan);
    }

    private MdnRnnShape shape() {
        return own.memory.shape(own.latent).withHeads(true, true);
    }

    private static LatentEpisode told(LatentEpisode episode) {
        return episode.endingOnlyBy(DreamSettings.LEFT_THE_FIELD);
    }

    /** The next round of {@link IterativeTraining}: the C of a temperature, or its explorer, records episodes. The caller closes its {@link #real()}. */
    DreamExperiment next(double temperature) {
        Stage by = own.rounds.curiosity() != 0 ? dreamers.explorerStage(temperature) : dreamers.stage(temperature);
        CarRacingExperiment next = real.next(by, progress -> dreamers.drivers(temperature, progress));
        return new DreamExperiment(next, Optional.of(this).filter(before -> own.rounds.training() == RoundTraining.CONTINUED));
    }

    public CarRacingExperiment real() {
        return real;
    }

    /** M with heads for reward and end, trained on the recorded episodes as V sees them. */
    public TrainedMemory memory(Progress progress) {
        return memory.trained(progress);
    }

    /** How M does on the episodes that it did not learn from. */
    public DreamCheck check(Progress progress) {
        MdnRnn model = memory(progress).model();
        List<LatentEpisode> unseen = real.split(real.encoded(progress)).validation();
        return DreamCheck.of(model, unseen.stream().map(DreamExperiment::told).toList(), own.dreaming.deviation(), own.seed);
    }

    /** How little M expects what comes next in these episodes, in nats for each active number of z. */
    double surprise(List<LatentEpisode> episodes, Progress progress) {
        return DreamCheck.surprise(memory(progress).model(), episodes, own.dreaming.deviation(), own.seed);
    }

    /** The preset's {@code dream.temperatures}. */
    public double[] temperatures() {
        return own.temperatures.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Each temperature's C of every chain, in its dream and in reality. */
    public Map<Double, Outcome> outcomes(Progress progress) {
        List<DreamExperiment> chains = chains();
        Map<Double, Outcome> outcomes = new LinkedHashMap<>();
        own.temperatures.forEach(temperature -> outcomes.put(temperature,
                Outcome.together(chains.stream().map(chain -> chain.outcome(temperature, progress)).toList())));
        return outcomes;
    }

    /** This one and those of the other chains. */
    List<DreamExperiment> chains() {
        return real.chains().stream().map(chain -> chain == real ? this : new DreamExperiment(chain)).toList();
    }

    /** The outcome that does best on the selection tracks. */
    public Outcome chosen(Progress progress) {
        return outcomes(progress).values().stream().max(Comparator.comparingDouble(o -> o.onSelection().summary().mean())).orElseThrow();
    }

    /** C of one temperature, of this chain, tried. */
    public Outcome outcome(double temperature, Progress progress) {
        Stage stage = evaluationStage(temperature);
        if (!stage.isFinished()) {
            evaluate(stage, agent(temperature, progress), temperature, progress);
        }
        return new Outcome(temperature, Evaluation.readCsv(stage.file(IN_DREAM)), onSelection(stage),
                Evaluation.readCsv(stage.file(IN_REALITY)), List.of(stage));
    }

    private void evaluate(Stage stage, Agent agent, double temperature, Progress progress) {
        stage.complete(folder -> {
            Evaluation inDream;
            try (Fitness dreams = dreamers.fitness(dreamers.dream(temperature), agent, progress)) {
                inDream = Evaluation.of(own.seed, dreams, agent.parameters(), TrackSeeds.TEST.first(own.trials.tracks), progress);
            }
            Evaluation onSelection = real.drive(agent, own.seed, TrackSeeds.SELECT.first(own.trials.selectionTracks), progress);
            Evaluation inReality = inReality(temperature, progress);
            inDream.writeCsv(folder.resolve(IN_DREAM));
            onSelection.writeCsv(folder.resolve(ON_SELECTION));
            inReality.writeCsv(folder.resolve(IN_REALITY));
            return Map.of("environmentSteps", String.valueOf(onSelection.environmentSteps() + inReality.environmentSteps()));
        });
    }

    /** The stage of an {@link #outcome}. */
    public Stage evaluationStage(double temperature) {
        return real.stage("dream-evaluation-" + Dreamers.word(temperature), Settings.text(real.preset(), Trials.class), List.of(dreamers.stage(temperature)));
    }

    /** What it takes for an agent of this chain to act: V, M and C. What M and C went on from is not part of it. */
    public List<Stage> agentStages(double temperature) {
        return List.of(real.visionStage(), memory.stage(), dreamers.stage(temperature));
    }

    /**
     * V, M and C of a temperature as they are kept, in place of training them.
     *
     * @param kept the folder with a folder for each kept stage
     * @return whether all three are there; if not, nothing is taken
     */
    public boolean takeKept(double temperature, Path kept) {
        List<Stage> stages = agentStages(temperature);
        boolean isThere = stages.stream().allMatch(stage -> stage.in(kept).isFinished());
        if (isThere) {
            stages.forEach(stage -> KeptStages.putBack(stage, kept));
        }
        return isThere;
    }

    /** What a finished {@link #evaluationStage} says of the selection tracks. */
    static Evaluation onSelection(Stage evaluation) {
        return Evaluation.readCsv(evaluation.file(ON_SELECTION));
    }

    /** Whether a car that circles earns, in this chain's dream and in reality. */
    public Circling circling(double temperature, Progress progress) {
        long[] seeds = TrackSeeds.SELECT.first(own.trials.selectionTracks);
        try (Dream dream = dreamers.dream(temperature, seeds.length, progress);
                BatchedEnvironment cars = new ThreadedEnvironments(seeds.length, Processor.available(), () -> real.environment(dream.horizon()))) {
            return new Circling(Evaluation.of(own.seed, HeldAction.CIRCLING, dream, 1, seeds, progress),
                    Evaluation.of(own.seed, HeldAction.CIRCLING, cars, 1, seeds, progress));
        }
    }

    /** Whether a driver who lets go of the wheel in the middle of this round's recorded drives goes on earning, in this chain's dream and in reality. */
    public StraightOn straightOn(double temperature, Progress progress) {
        List<StoredEpisode> recorded = real.episodes(progress).own();
        List<LatentEpisode> encoded = real.encoded(progress);
        return StraightOn.of(real.version(), memory(progress).model(), recorded, encoded.subList(encoded.size() - recorded.size(), encoded.size()), temperature,
                own.dreaming.deviation(), progress);
    }

    /** Where the dream of this chain's agent and its reality part: both as the steps go by, dreams from first frames, drives on selection tracks. */
    public Earned earned(double temperature, Progress progress) {
        Agent agent = agent(temperature, progress);
        long[] seeds = TrackSeeds.SELECT.first(WATCHED);
        try (Dream dream = dreamers.dream(temperature, seeds.length, progress);
                FeaturePolicy dreaming = new FeaturePolicy(agent.controller(), dream.observationSpace().size(), seeds.length);
                BatchedEnvironment cars = new ThreadedEnvironments(seeds.length, Processor.available(), () -> real.environment(Road.FULL_EPISODE));
                WorldModelPolicy driving = agent.policy(seeds.length)) {
            dreaming.population(new double[][] {agent.parameters()});
            return new Earned(byStep(dream.horizon(), dreaming, dream, seeds, progress), byStep(Road.FULL_EPISODE, driving, cars, seeds, progress));
        }
    }

    private double[] byStep(int steps, Policy policy, BatchedEnvironment environments, long[] seeds, Progress progress) {
        double[][] rewards = new double[seeds.length][steps];
        Evaluation.of(own.seed, policy, environments, 1, seeds, step -> rewards[step.jobNumber()][step.time()] = step.reward(), progress);
        double[] earned = new double[steps];
        double sum = 0;
        for (int t = 0; t < steps; t++) {
            int now = t;
            sum += Arrays.stream(rewards).mapToDouble(episode -> episode[now]).average().orElseThrow();
            earned[t] = sum;
        }
        return earned;
    }

    /** C of one temperature, of this chain, on the test tracks; nothing is kept. */
    private Evaluation inReality(double temperature, Progress progress) {
        return real.drive(agent(temperature, progress), own.seed, TrackSeeds.TEST.first(own.trials.tracks), progress);
    }

    /**
     * Kept agents of a row on the test tracks again, without training.
     *
     * @param chains of the row
     * @param kept   the folder with a folder for each kept stage
     * @return empty if the row is not kept
     */
    static Optional<Reevaluated> driveAgain(String row, List<DreamExperiment> chains, double temperature, Path kept, Progress progress) {
        List<Stage> evaluations = chains.stream().map(chain -> chain.evaluationStage(temperature)).toList();
        List<Stage> agents = chains.stream().flatMap(chain -> chain.agentStages(temperature).stream()).toList();
        return Reevaluated.ifKept(row, evaluations, agents, kept, stage -> Evaluation.readCsv(stage.file(IN_REALITY)),
                () -> Evaluation.together(chains.stream().map(chain -> chain.inReality(temperature, progress)).toList()));
    }

    /** C of one temperature, ready to act in reality. */
    public Agent agent(double temperature, Progress progress) {
        return dreamers.agent(temperature, progress);
    }

    /** C on z and h, evolved in the dream of one temperature. */
    public TrainedController controller(double temperature, Progress progress) {
        return dreamers.controller(temperature, progress);
    }

    /** Who records for the next round. */
    List<Agent> drivers(double temperature, Progress progress) {
        return dreamers.drivers(temperature, progress);
    }
}
