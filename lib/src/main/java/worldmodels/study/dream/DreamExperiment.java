package worldmodels.study.dream;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import worldmodels.agent.Agent;
import worldmodels.agent.PopulationRollouts;
import worldmodels.controller.Features;
import worldmodels.dream.Dream;
import worldmodels.dream.DreamSettings;
import worldmodels.dream.FirstFrames;
import worldmodels.env.carracing.CarRacing;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.evolution.Evolution;
import worldmodels.evolution.Fitness;
import worldmodels.evolution.RolloutFitness;
import worldmodels.memory.LatentEpisode;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MdnRnnShape;
import worldmodels.nn.LearningCurve;
import worldmodels.run.KitException;
import worldmodels.run.Preset;
import worldmodels.run.Processor;
import worldmodels.run.Progress;
import worldmodels.run.Stage;
import worldmodels.study.carracing.CarRacingExperiment;
import worldmodels.study.carracing.Search;
import worldmodels.study.carracing.TrainedController;
import worldmodels.study.carracing.TrainedMemory;

/**
 * Ha and Schmidhuber's second experiment (2018, section 4), on CarRacing: M gets heads for reward and end, C is evolved inside M's dream at several
 * temperatures and then drives in the real environment, which it has never seen.
 */
public final class DreamExperiment {

    /** Dreams that are dreamt side by side. */
    public static final int LANES = 64;

    private static final String IN_DREAM = "dream.csv";
    private static final String ON_SELECTION = "selection.csv";
    private static final String IN_REALITY = "reality.csv";

    private final CarRacingExperiment real;
    private final Optional<DreamExperiment> before;
    private final long seed;
    private TrainedMemory memory;

    /**
     * A C that was evolved at one temperature.
     *
     * @param inDream     its return in dreams of that temperature that it was not trained in
     * @param onSelection its score on real selection tracks, by which a temperature is chosen
     * @param inReality   its score on real test tracks
     */
    public record Outcome(double temperature, Evaluation inDream, Evaluation onSelection, Evaluation inReality, Stage stage) {}

    /** @param real whose V, recorded episodes and environment are used; the caller closes it */
    public DreamExperiment(CarRacingExperiment real) {
        this(real, Optional.empty());
    }

    /** @param before whose M and C this one goes on with, if its round is a continued one */
    private DreamExperiment(CarRacingExperiment real, Optional<DreamExperiment> before) {
        this.real = real;
        this.before = before.filter(dreams -> real.isContinued());
        this.seed = real.preset().integer("seed");
    }

    /** The next round of {@link IterativeTraining}: the C of a temperature, or its explorer, records episodes. The caller closes its {@link #real()}. */
    DreamExperiment next(double temperature) {
        CarRacingExperiment next = isCurious() ? real.next(explorerStage(temperature), progress -> explorer(temperature, progress))
                : real.next(controllerStage(temperature), progress -> agent(temperature, progress));
        return new DreamExperiment(next, Optional.of(this));
    }

    public CarRacingExperiment real() {
        return real;
    }

    /** M with heads for reward and end, trained on the recorded episodes as V sees them. */
    public TrainedMemory memory(Progress progress) {
        if (memory == null) {
            MdnRnnShape shape = MdnRnnShape.carRacing(real.preset().integer("vision.latent")).withHeads(true, true);
            Stage stage = memoryStage();
            if (before.isPresent()) {
                Path earlier = before.get().memory(progress).stage().file(CarRacingExperiment.MEMORY_FILE);
                real.train(() -> real.load(shape, earlier), real.preset().integer("rounds.memoryEpochs"), stage, LatentEpisode::withoutEndReward, progress);
            } else {
                real.train(shape, stage, LatentEpisode::withoutEndReward, progress);
            }
            Path file = stage.file(CarRacingExperiment.MEMORY_FILE);
            memory = new TrainedMemory(real.load(shape, file), LearningCurve.of(file), stage);
        }
        return memory;
    }

    /** How M does on the episodes that it did not learn from. */
    public DreamCheck check(Progress progress) {
        MdnRnn model = memory(progress).model();
        List<LatentEpisode> unseen = real.split(real.encoded(progress)).validation();
        return DreamCheck.of(model, unseen.stream().map(LatentEpisode::withoutEndReward).toList(), seed);
    }

    /** The preset's {@code dream.temperatures}. */
    public double[] temperatures() {
        String text = real.preset().text("dream.temperatures");
        try {
            return Arrays.stream(text.split(",")).map(String::strip).mapToDouble(Double::parseDouble).toArray();
        } catch (NumberFormatException e) {
            throw new KitException("Setting dream.temperatures must be numbers like '0.5, 1.0', not '" + text + "'.", e);
        }
    }

    /** Each temperature's C, in its dream and in reality. */
    public Map<Double, Outcome> outcomes(Progress progress) {
        Map<Double, Outcome> outcomes = new LinkedHashMap<>();
        for (double temperature : temperatures()) {
            outcomes.put(temperature, outcome(temperature, progress));
        }
        return outcomes;
    }

    /** The outcome that does best on the selection tracks. */
    public Outcome chosen(Progress progress) {
        return outcomes(progress).values().stream().max(Comparator.comparingDouble(o -> o.onSelection().summary().mean())).orElseThrow();
    }

    /** C of one temperature, tried. */
    public Outcome outcome(double temperature, Progress progress) {
        Agent agent = agent(temperature, progress);
        Preset preset = real.preset();
        Stage stage = evaluationStage(temperature);
        stage.complete(folder -> {
            Evaluation inDream;
            try (Fitness dreams = new RolloutFitness(dreams(settings(temperature), agent, progress))) {
                inDream = Evaluation.of(seed, dreams, agent.parameters(), preset.integer("evaluation.tracks"), progress);
            }
            Evaluation onSelection = real.drive(agent, seed, TrackSeeds.SELECT.first(preset.integer("evolution.selectionTracks")), progress);
            Evaluation inReality = real.test(agent, seed, progress);
            inDream.writeCsv(folder.resolve(IN_DREAM));
            onSelection.writeCsv(folder.resolve(ON_SELECTION));
            inReality.writeCsv(folder.resolve(IN_REALITY));
            long steps = onSelection.environmentSteps() + inReality.environmentSteps();
            return Map.of("environmentSteps", String.valueOf(steps));
        });
        return new Outcome(temperature, Evaluation.readCsv(stage.file(IN_DREAM)), Evaluation.readCsv(stage.file(ON_SELECTION)),
                Evaluation.readCsv(stage.file(IN_REALITY)), stage);
    }

    /** A dream to look at. */
    public Dream environment(double temperature, Progress progress) {
        return new Dream(memory(progress).model(), beginnings(progress), settings(temperature), CarRacing.ACTIONS, 1);
    }

    /** C of one temperature, ready to act in reality. */
    public Agent agent(double temperature, Progress progress) {
        return blank(progress).with(controller(temperature, progress).selected().parameters());
    }

    /** C on z and h, evolved in the dream of one temperature: it sees no real frame. */
    public TrainedController controller(double temperature, Progress progress) {
        Agent first = before.isPresent() ? blank(progress).with(before.get().controller(temperature, progress).selected().parameters()) : blank(progress);
        return search(controllerStage(temperature), generations(), first, settings(temperature), progress);
    }

    /** C, gone on with where M's loss is a reward too ({@code rounds.curiosity} for each nat): it looks for what M does not know, and records it. */
    Agent explorer(double temperature, Progress progress) {
        DreamSettings curious = settings(temperature).curious(real.preset().number("rounds.curiosity"));
        Agent agent = agent(temperature, progress);
        return agent.with(search(explorerStage(temperature), "rounds.generations", agent, curious, progress).selected().parameters());
    }

    private boolean isCurious() {
        return real.preset().number("rounds.curiosity") != 0;
    }

    private TrainedController search(Stage stage, String generations, Agent first, DreamSettings settings, Progress progress) {
        return new Search(stage, searchSettings(generations), seed, first, () -> dreams(settings, first, progress), () -> dreams(settings, first, progress))
                .complete(progress);
    }

    private Agent blank(Progress progress) {
        MdnRnn model = memory(progress).model();
        int parameters = Agent.controller(real.vision(progress).model(), model, Features.Z_H).parameterCount();
        return new Agent(real.vision(progress).model(), model, Features.Z_H, real.latentChoice(), new double[parameters]);
    }

    private PopulationRollouts dreams(DreamSettings settings, Agent agent, Progress progress) {
        FirstFrames beginnings = beginnings(progress);
        return PopulationRollouts.dreaming(Processor.available(), LANES, lanes -> new Dream(agent.memory(), beginnings, settings, CarRacing.ACTIONS, lanes),
                agent.controller());
    }

    private FirstFrames beginnings(Progress progress) {
        return new FirstFrames(real.split(real.encoded(progress)).train());
    }

    private DreamSettings settings(double temperature) {
        return DreamSettings.carRacing(temperature, real.preset().integer("dream.horizon"));
    }

    private Evolution.Settings searchSettings(String generations) {
        Preset preset = real.preset();
        return new Evolution.Settings(preset.integer("evolution.population"), preset.number("evolution.sigma"), preset.integer(generations),
                preset.integer("dream.rollouts"), preset.integer("dream.selectionEvery"), preset.integer("dream.selectionDreams"));
    }

    private String generations() {
        return before.isPresent() ? "rounds.generations" : "dream.generations";
    }

    private Stage memoryStage() {
        SortedMap<String, String> settings = before.isPresent() ? real.preset().section("memory.", "rounds.memoryEpochs") : real.preset().section("authors", "memory.");
        settings.put("heads", "reward, end");
        return before.isPresent() ? real.stage(real.named("dream-memory"), settings, real.encodings(), before.get().memoryStage())
                : real.stage(real.named("dream-memory"), settings, real.encodings());
    }

    /** The stage of an {@link #outcome}. */
    public Stage evaluationStage(double temperature) {
        return real.stage(real.named("dream-evaluation-" + word(temperature)), real.preset().section("evaluation.tracks", "evolution.selectionTracks"),
                controllerStage(temperature));
    }

    Stage controllerStage(double temperature) {
        SortedMap<String, String> settings = searchSection(temperature, generations());
        String name = real.named("dream-controller-" + word(temperature));
        return before.isPresent() ? real.stage(name, settings, memoryStage(), before.get().controllerStage(temperature)) : real.stage(name, settings, memoryStage());
    }

    private Stage explorerStage(double temperature) {
        SortedMap<String, String> settings = searchSection(temperature, "rounds.generations", "rounds.curiosity");
        return real.stage(real.named("dream-explorer-" + word(temperature)), settings, controllerStage(temperature));
    }

    private SortedMap<String, String> searchSection(double temperature, String... own) {
        SortedMap<String, String> settings = real.preset().section("dream.horizon", "dream.rollouts", "dream.selection", "evolution.population",
                "evolution.sigma", "agent.");
        settings.putAll(real.preset().section(own));
        settings.put("temperature", String.valueOf(temperature));
        return settings;
    }

    /** 1.15 as 1-15, for the name of a folder. */
    private static String word(double temperature) {
        return String.format(Locale.ROOT, "%.2f", temperature).replace('.', '-');
    }
}
