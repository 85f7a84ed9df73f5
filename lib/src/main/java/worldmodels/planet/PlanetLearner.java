package worldmodels.planet;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeResult;
import worldmodels.data.EpisodeStore;
import worldmodels.data.Policy;
import worldmodels.data.RolloutEngine;
import worldmodels.data.StoredEpisode;
import worldmodels.data.WhiteNoise;
import worldmodels.env.ActionScale;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Learner;
import worldmodels.nn.Seeds;
import worldmodels.nn.Terms;
import worldmodels.nn.Training;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.Settings;
import worldmodels.run.WholeFile;

/**
 * PlaNet's algorithm 1: a few random episodes, then in turn updates of the model and one more episode, played by planning with noise.
 *
 * <pre>
 *   D = S random episodes
 *   repeat   C updates on chunks of D   ->   one episode by planning, into D   [->   test episodes without noise]
 * </pre>
 *
 * <p>A step is an update; an episode is collected at each point of the training's curve, where its checkpoint is written too. The episodes lie beside
 * the checkpoint, which names them by their checksums. Batches, noise and episodes come from the seed and their number.
 */
public final class PlanetLearner implements Learner {

    /** As kept checkpoints have it. */
    static final String KIND = "PlanetLearning";

    private final PlanetModel model;
    private final PixelTask task;
    private final PlanetSettings settings;
    private final int episodes;
    private final long seed;
    private final Path folder;
    private final EpisodeStore store;
    private final BatchedEnvironment collecting;
    private final BatchedEnvironment testing;
    private final SequenceReplay replay;
    private final PlanetOptimiser optimiser;
    private LearningLog log = LearningLog.EMPTY;

    /**
     * @param model    learns in place
     * @param episodes in all, seed episodes included, 1000 in the paper
     * @param seed     of the batches, the episodes and all noise
     * @param folder   where the checkpoint and the episodes are kept; gone on from if they are there
     * @param threads  that step and draw the test episodes' environments
     * @throws KitException if no episode is left beside the seed episodes
     */
    public PlanetLearner(PlanetModel model, PixelTask task, PlanetSettings settings, int episodes, long seed, Path folder, int threads) {
        Collecting rhythm = settings.collecting();
        if (episodes <= rhythm.seedEpisodes()) {
            throw new KitException("PlaNet cannot learn " + task.name() + " from " + episodes + " episodes of which " + rhythm.seedEpisodes()
                    + " are random; raise planet.episodes, or lower planet.seedEpisodes.");
        }
        this.model = model;
        this.task = task;
        this.settings = settings;
        this.episodes = episodes;
        this.seed = seed;
        this.folder = folder;
        this.store = new EpisodeStore(folder.resolve("episodes"));
        this.collecting = new ThreadedEnvironments(1, 1, task::environment);
        this.testing = new ThreadedEnvironments(Math.max(1, rhythm.testEpisodes()), threads, task::environment);
        this.optimiser = new PlanetOptimiser(model, settings, seed);
        this.replay = new SequenceReplay(store, new ActionScale(collecting.actionSpace()), settings.batch(), settings.chunk(),
                folder.resolve("replay.pixels"));
    }

    /** The file in the run's folder that {@link PlanetModel#load} and {@link #log(Path)} read. */
    public static Path checkpoint(Path folder) {
        return folder.resolve("planet.safetensors");
    }

    /** The log of a run, from its checkpoint; empty before the first. */
    public static LearningLog log(Path folder) {
        Path file = checkpoint(folder);
        return Files.exists(file) ? LearningLog.parse(Checkpoint.text(file).get("log")) : LearningLog.EMPTY;
    }

    /** Learns to the end, from the checkpoint if there is one; see {@link Training#run}. */
    public LearningLog run(Progress progress) {
        int each = settings.collecting().updates();
        new Training(this, new Training.Rhythm(settings.collecting().updates(episodes), each, each), checkpoint(folder)).run(progress);
        return log;
    }

    @Override
    public String work() {
        return task.name() + " with " + model.shape().dynamics();
    }

    @Override
    public String unit() {
        return "updates";
    }

    @Override
    public String kind() {
        return KIND;
    }

    /** How long the run lasts is no part of it, so a longer one may go on from a shorter one. */
    @Override
    public Map<String, String> settings() {
        SortedMap<String, String> shared = Settings.text(settings);
        shared.putAll(model.shape().text());
        shared.put("task", task.name());
        shared.put("seed", String.valueOf(seed));
        return shared;
    }

    @Override
    public Terms update(long step) {
        fill();
        return optimiser.update(replay.draw(Seeds.named(seed, "planet batch", step)), step);
    }

    private int collected() {
        return settings.collecting().seedEpisodes() + log.rows().size();
    }

    /** Random episodes, and those that were collected before a stop, into the replay. */
    private void fill() {
        if (replay.episodes() > 0) {
            return;
        }
        List<EpisodeJob> jobs = IntStream.range(0, settings.collecting().seedEpisodes()).mapToObj(this::job).toList();
        try (Policy policy = new WhiteNoise(collecting.actionSpace(), 1)) {
            store.record(new RolloutEngine(collecting), policy, jobs, false, Progress.NONE);
        }
        store.own().stream().limit(collected()).forEach(replay::add);
    }

    private EpisodeJob job(int number) {
        return new EpisodeJob(0, Seeds.named(seed, "planet episode", number));
    }

    /** One more episode into D, and a row of the log. */
    @Override
    public Terms measure(long step, Terms means) {
        fill();
        int number = collected();
        StoredEpisode episode;
        try (Policy policy = policy(collecting, settings.collecting().exploration())) {
            episode = store.recordOne(new RolloutEngine(collecting), policy, number, job(number));
        }
        double[] tests = settings.collecting().isTested(number + 1, episodes) ? test() : new double[0];
        replay.add(episode);
        long steps = store.own().stream().limit(number + 1).mapToLong(StoredEpisode::length).sum() * task.actionRepeat();
        log = log.and(new LearningLog.Row(number + 1, steps, step, episode.episodeReturn(), Losses.of(means), tests));
        return Terms.NONE;
    }

    /** Returns of the test episodes: always the same ones, of other seeds than any that is learned from. */
    private double[] test() {
        List<EpisodeJob> jobs = IntStream.range(0, settings.collecting().testEpisodes())
                .mapToObj(i -> new EpisodeJob(0, Seeds.named(seed, "planet test", i))).toList();
        try (Policy policy = policy(testing, 0)) {
            EpisodeResult[] results = new RolloutEngine(testing).run(jobs, policy, Progress.NONE);
            return Arrays.stream(results).mapToDouble(EpisodeResult::episodeReturn).toArray();
        }
    }

    private PlanetPolicy policy(BatchedEnvironment environments, double noise) {
        return new PlanetPolicy(optimiser.acting(), settings.acting(noise), settings.depth(), environments.actionSpace(), environments.lanes());
    }

    @Override
    public void save(Checkpoint.Draft draft) {
        draft.text("log", log.toCsv()).text("replay", replayed(collected())).text("replayed", String.valueOf(collected()));
        optimiser.save(draft);
    }

    /** @throws KitException if episodes that the checkpoint has learned from are missing or others */
    @Override
    public void restore(Checkpoint found) {
        int count = (int) found.number("replayed");
        if (store.own().size() < count || !replayed(count).equals(found.text().get("replay"))) {
            throw new KitException("The episodes in " + store.folder() + " are not the " + count + " that " + checkpoint(folder)
                    + " has learned from; put them back, or delete the checkpoint to start again.");
        }
        optimiser.restore(found);
        log = LearningLog.parse(found.text().get("log"));
    }

    /** One checksum for the first episodes. */
    private String replayed(int count) {
        return WholeFile.sha256OfText(store.own().stream().limit(count).map(e -> e.file() + " " + e.content()).collect(Collectors.joining("\n")));
    }

    /** Frees the optimiser and the environments; the model stays. */
    @Override
    public void close() {
        replay.close();
        optimiser.close();
        collecting.close();
        testing.close();
    }
}
