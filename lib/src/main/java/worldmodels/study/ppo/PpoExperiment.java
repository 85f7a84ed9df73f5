package worldmodels.study.ppo;

import ai.djl.ndarray.NDManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;
import worldmodels.agent.LatentEnvironments;
import worldmodels.data.Policy;
import worldmodels.env.ActionRepeat;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.Environment;
import worldmodels.env.GreyStack;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Compute;
import worldmodels.nn.Seeds;
import worldmodels.nn.SideBySide;
import worldmodels.nn.Training;
import worldmodels.report.Reevaluated;
import worldmodels.rl.Ppo;
import worldmodels.rl.PpoActor;
import worldmodels.rl.PpoSettings;
import worldmodels.rl.PpoTests;
import worldmodels.run.Preset;
import worldmodels.run.Processor;
import worldmodels.run.Progress;
import worldmodels.run.Settings;
import worldmodels.run.Stage;
import worldmodels.study.carracing.CarRacingExperiment;
import worldmodels.study.carracing.Driving;
import worldmodels.study.carracing.Road;

/**
 * The PPO report's two agents on CarRacing: an actor and a critic on what V and M make of the frames, and one of each on the frames. Every chain of the preset
 * trains its own, on its own V and M. While one chain drives, which is plain Java, the other's networks learn: one core each.
 */
public final class PpoExperiment implements AutoCloseable {

    private static final String TRAINING = "training.safetensors";
    private static final int CHECKPOINT_EVERY = 5;
    private static final long SEEDS = 1_000_000_000L;

    private final CarRacingExperiment racing;
    private final NDManager manager = Compute.newManager();

    /** @param racing whose chains, V and M it uses; stays the caller's to close */
    public PpoExperiment(CarRacingExperiment racing) {
        this.racing = racing;
    }

    public Preset preset() {
        return racing.preset();
    }

    /** The experiment whose V and M these agents see with, and whose C they are compared with. */
    public CarRacingExperiment racing() {
        return racing;
    }

    /** The rows of the preset. */
    public List<PpoRow> rows() {
        return PpoStudy.of(preset()).rows();
    }

    /** The agents of a row, one for each chain, trained to their end, or loaded; as many at once as there are cores. */
    public List<LearnedPpo> learned(PpoRow row, Progress progress) {
        List<CarRacingExperiment> missing = racing.chains().stream().filter(chain -> !PpoStages.learning(chain, row).isFinished()).toList();
        if (!missing.isEmpty()) {
            // V and M first: where they are still to be trained, each takes all cores.
            missing.stream().filter(chain -> !row.isOfPixels()).forEach(chain -> chain.memory(progress));
            SideBySide.run(row.label(), "updates", missing.stream().map(chain -> piece(row, chain)).toList(), progress);
        }
        return racing.chains().stream().map(chain -> load(row, chain)).toList();
    }

    private SideBySide.Piece piece(PpoRow row, CarRacingExperiment chain) {
        Stage stage = PpoStages.learning(chain, row);
        Path training = stage.folder().resolve(TRAINING);
        long done = Files.exists(training) ? Checkpoint.read(training).number("step") : 0;
        PpoSettings learning = PpoStudy.learning(chain.preset(), row);
        return new SideBySide.Piece(row.label() + ", seed " + chain.preset().text("seed"), done, PpoStudy.driven(chain.preset(), row).updates(learning),
                shown -> train(row, chain, shown));
    }

    /** The training of a row of one chain, on this thread, which an interrupt stops. */
    void train(PpoRow row, CarRacingExperiment chain, Progress progress) {
        PpoStages.learning(chain, row).complete(folder -> learn(row, chain, folder, progress));
    }

    private Map<String, String> learn(PpoRow row, CarRacingExperiment chain, Path folder, Progress progress) {
        PpoSettings learning = PpoStudy.learning(chain.preset(), row);
        PpoStudy.Driven driven = PpoStudy.driven(chain.preset(), row);
        Training.throughout(() -> learner(row, chain, learning, driven, progress), new Training.Rhythm(driven.updates(learning), driven.testEvery(), CHECKPOINT_EVERY),
                folder.resolve(TRAINING), folder.resolve(LearnedPpo.FILE), progress);
        return Map.of("environmentSteps", String.valueOf(driven.updates(learning) * driven.lanes() * driven.repeat() * learning.horizon()));
    }

    private Ppo learner(PpoRow row, CarRacingExperiment chain, PpoSettings learning, PpoStudy.Driven driven, Progress progress) {
        long seed = Seeds.named(chain.preset().integer("seed"), "ppo");
        LongUnaryOperator tracks = number -> TrackSeeds.TRAIN.seed(Seeds.named(seed, "ppo track", number) % SEEDS);
        PpoTests tests = new PpoTests(environments(row, chain, driven.testEpisodes(), 0, progress), TrackSeeds.SELECT.first(driven.testEpisodes()));
        return new Ppo(manager, environments(row, chain, driven.lanes(), driven.patience(), progress), tracks, Optional.of(tests), row.network(), learning,
                driven.updates(learning), seed);
    }

    /**
     * CarRacing as a row sees it.
     *
     * @param patience 0 for whole episodes
     */
    BatchedEnvironment environments(PpoRow row, CarRacingExperiment chain, int lanes, int patience, Progress progress) {
        return environments(row, chain, lanes, patience, road -> road, progress);
    }

    /** @param around what is put around each road */
    BatchedEnvironment environments(PpoRow row, CarRacingExperiment chain, int lanes, int patience, UnaryOperator<Environment> around, Progress progress) {
        Preset preset = chain.preset();
        Road road = Settings.of(preset, Road.class);
        int repeat = PpoStudy.driven(preset, row).repeat();
        if (row.isOfPixels()) {
            int stack = Settings.of(preset, PpoStudy.Pixels.class).stack();
            return new ThreadedEnvironments(lanes, threads(), () -> new GreyStack(new ActionRepeat(around.apply(road.recorded(Road.FULL_EPISODE, patience)), repeat), stack));
        }
        BatchedEnvironment frames = new ThreadedEnvironments(lanes, threads(), () -> around.apply(road.recorded(Road.FULL_EPISODE, patience)));
        return new LatentEnvironments(frames, chain.vision(progress).model(), chain.memory(progress).model(), Settings.of(preset, Driving.class).latent(), repeat);
    }

    /** Where several chains learn, each has a core of its own. */
    private int threads() {
        return Math.max(1, Processor.available() / racing.chains().size());
    }

    private LearnedPpo load(PpoRow row, CarRacingExperiment chain) {
        Stage stage = PpoStages.learning(chain, row);
        stage.check();
        return new LearnedPpo(row, chain, stage);
    }

    /** A row's agents on the test tracks, whole episodes, without chance. */
    public Evaluation evaluation(PpoRow row, Progress progress) {
        return Evaluation.together(learned(row, progress).stream().map(agent -> Evaluation.keptBy(PpoStages.evaluation(agent.chain(), row), () -> {
            long[] tracks = TrackSeeds.TEST.first(Settings.of(preset(), PpoStages.Tracks.class).tracks());
            return drive(agent, tracks, progress);
        })).toList());
    }

    /** An agent on any tracks; nothing is kept. */
    public Evaluation drive(LearnedPpo agent, long[] tracks, Progress progress) {
        try (BatchedEnvironment environments = environments(agent.row(), agent.chain(), Math.min(tracks.length, CarRacingExperiment.LANES), 0, progress);
                Policy policy = actor(agent, environments).policy()) {
            return Evaluation.of(agent.seed(), policy, environments, PpoStudy.driven(preset(), agent.row()).repeat(), tracks, progress);
        }
    }

    /** One drive of an agent, to look at; {@code steps} of the environment at most. */
    public PpoDrive film(LearnedPpo agent, long track, int steps, Progress progress) {
        return PpoDrive.of(this, agent, track, steps, progress);
    }

    /** An agent's actor on z and h: what it does and why. */
    public PpoActor actor(LearnedPpo agent, Progress progress) {
        try (BatchedEnvironment environments = environments(agent.row(), agent.chain(), 1, 0, progress)) {
            return actor(agent, environments);
        }
    }

    /** An agent's actor for environments that its row sees. */
    static PpoActor actor(LearnedPpo agent, BatchedEnvironment environments) {
        return PpoActor.load(agent.file(), PpoStudy.learning(agent.chain().preset(), agent.row()), environments.observationSpace(), environments.actionSpace());
    }

    /** The stages of a row's test drives, one for each chain, for provenance. */
    public List<Stage> evaluationStages(PpoRow row) {
        return racing.chains().stream().map(chain -> PpoStages.evaluation(chain, row)).toList();
    }

    /**
     * The kept agents of the table on the test tracks again, without training.
     *
     * @param kept    the folder with a folder for each kept stage; a row that is not there is left out
     * @param scratch an empty folder to work in
     */
    public static List<Reevaluated> driveAgain(Preset preset, Path kept, Path scratch, Progress progress) {
        try (CarRacingExperiment racing = CarRacingExperiment.open(preset, scratch); PpoExperiment experiment = new PpoExperiment(racing)) {
            return experiment.rows().stream().flatMap(row -> Reevaluated.ifKept(row.label(), experiment.evaluationStages(row), kept, Evaluation::keptBy,
                    () -> experiment.evaluation(row, progress)).stream()).toList();
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
