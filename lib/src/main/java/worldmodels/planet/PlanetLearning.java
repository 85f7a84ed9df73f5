package worldmodels.planet;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeResult;
import worldmodels.data.EpisodeStore;
import worldmodels.data.Policy;
import worldmodels.data.RolloutEngine;
import worldmodels.data.StoredEpisode;
import worldmodels.data.WhiteNoise;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Seeds;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;
import worldmodels.run.WholeFile;

/**
 * PlaNet's algorithm 1: a few random episodes, then in turn updates of the model and one more episode, played by planning with noise.
 *
 * <pre>
 *   D = S random episodes
 *   repeat   C updates on chunks of D   ->   one episode by planning, into D   [->   test episodes without noise]
 * </pre>
 *
 * <p>After each episode the run writes a checkpoint with weights, optimiser, log and the checksums of D; a run that finds one goes on from there, and
 * ends as if it had never stopped, bit for bit (on the CPU with the same number of threads): batches, noise and episodes depend on the seed and their
 * numbers alone. An interrupt writes one too, in the midst of the updates.
 */
public final class PlanetLearning implements AutoCloseable {

    static final String KIND = "PlanetLearning";

    private static final String WORK = "PlaNet's training";

    /**
     * @param seedEpisodes S, 5 in the paper
     * @param episodes     in all, seed episodes included, 1000
     * @param updates      C, before each episode, 100
     * @param exploration  deviation of the noise on collecting actions, 0.3
     * @param testEvery    episodes between tests; there is one after the last in any case
     * @param testEpisodes of a test
     */
    public record Rhythm(int seedEpisodes, int episodes, int updates, double exploration, int testEvery, int testEpisodes) {

        /** For a checkpoint's text; how long the run lasts is no part of it, so a longer one may go on from a shorter one. */
        Map<String, String> text() {
            Map<String, String> text = new LinkedHashMap<>();
            text.put("seedEpisodes", String.valueOf(seedEpisodes));
            text.put("updates", String.valueOf(updates));
            text.put("exploration", String.valueOf(exploration));
            text.put("testEvery", String.valueOf(testEvery));
            text.put("testEpisodes", String.valueOf(testEpisodes));
            return text;
        }
    }

    private final PlanetModel model;
    private final PixelTask task;
    private final PlanetSettings settings;
    private final Rhythm rhythm;
    private final CrossEntropyPlanner planner;
    private final Path checkpoint;
    private final EpisodeStore store;
    private final BatchedEnvironment collecting;
    private final BatchedEnvironment testing;
    private final SequenceReplay replay;
    private final PlanetTraining training;

    private LearningLog log = LearningLog.EMPTY;
    private long updates;
    // Sums over the updates since the last episode; part of the state, so that a resumed run reports the same means.
    private double[] sums = new double[3];

    /**
     * @param model   trained in place
     * @param folder  where checkpoint and episodes are kept; continued from if they are there
     * @param threads that step and draw the test episodes' environments
     * @throws KitException if the checkpoint there belongs to a run with other settings, or episodes that it counts on are missing
     */
    public PlanetLearning(PlanetModel model, PixelTask task, PlanetSettings settings, Rhythm rhythm, CrossEntropyPlanner planner, Path folder,
            int threads) {
        this.model = model;
        this.task = task;
        this.settings = settings;
        this.rhythm = rhythm;
        this.planner = planner;
        this.checkpoint = checkpoint(folder);
        this.store = episodes(folder);
        this.collecting = new ThreadedEnvironments(1, 1, task.environment());
        this.testing = new ThreadedEnvironments(Math.max(1, rhythm.testEpisodes), threads, task.environment());
        this.training = new PlanetTraining(model, settings);
        this.replay = new SequenceReplay(store, new ActionScale(collecting.actionSpace()), settings.batch(), settings.chunk(),
                folder.resolve("replay.pixels"));
        if (Files.exists(checkpoint)) {
            try {
                restore();
            } catch (RuntimeException e) {
                close();
                throw e;
            }
        }
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

    /** The episodes in a run's folder. */
    public static EpisodeStore episodes(Path folder) {
        return new EpisodeStore(folder.resolve("episodes"));
    }

    /** What has been collected so far. */
    public LearningLog log() {
        return log;
    }

    /**
     * Learns to the end.
     *
     * @return the whole log
     * @throws StoppedException if interrupted; the checkpoint holds all finished updates
     * @throws KitException     if a loss, a gradient or an action is not finite; the checkpoint of the last episode is untouched
     */
    public LearningLog run(Progress progress) {
        progress.start(task.name() + " with " + model.shape().dynamics(), rhythm.episodes, "episodes");
        seed();
        for (int number = collected(); number < rhythm.episodes; number = collected()) {
            update(number, progress);
            collect(number, progress);
        }
        progress.done(log.tested().isEmpty() ? "" : String.format(Locale.ROOT, "test return %.0f", log.tested().getLast().testMean()));
        return log;
    }

    private int collected() {
        return rhythm.seedEpisodes + log.rows().size();
    }

    /** Random episodes, and those that were collected before a stop, into the replay. */
    private void seed() {
        List<EpisodeJob> jobs = IntStream.range(0, rhythm.seedEpisodes).mapToObj(this::job).toList();
        try (Policy policy = new WhiteNoise(collecting.actionSpace(), 1)) {
            store.record(new RolloutEngine(collecting), policy, jobs, false, Progress.NONE);
        }
        store.own().stream().limit(collected()).skip(replay.episodes()).forEach(replay::add);
    }

    private EpisodeJob job(int number) {
        return new EpisodeJob(0, Seeds.named(settings.seed(), "planet episode", number));
    }

    private void update(int number, Progress progress) {
        long until = (long) (number - rhythm.seedEpisodes + 1) * rhythm.updates;
        while (updates < until) {
            try {
                StoppedException.throwIfInterrupted(WORK);
            } catch (StoppedException e) {
                save();
                throw e;
            }
            Losses losses = training.advance(replay.draw(Seeds.named(settings.seed(), "planet batch", updates)), updates);
            updates++;
            sums[0] += losses.observation();
            sums[1] += losses.reward();
            sums[2] += losses.divergence();
            progress.at(number, String.format(Locale.ROOT, "update %d of %d, squared errors %.1f and %.3f, %.1f nats", updates, until,
                    losses.observation(), losses.reward(), losses.divergence()));
        }
    }

    private void collect(int number, Progress progress) {
        StoredEpisode episode;
        try (Policy policy = policy(collecting, rhythm.exploration)) {
            episode = store.recordOne(new RolloutEngine(collecting), policy, number, job(number));
        }
        replay.add(episode);
        boolean isTested = (number + 1) % rhythm.testEvery == 0 || number + 1 == rhythm.episodes;
        double[] tests = isTested ? test() : new double[0];
        long steps = store.own().stream().limit(number + 1).mapToLong(StoredEpisode::length).sum() * task.actionRepeat();
        int n = Math.max(1, rhythm.updates);
        log = log.and(new LearningLog.Row(number + 1, steps, updates, episode.episodeReturn(),
                new Losses(sums[0] / n, sums[1] / n, sums[2] / n), tests));
        sums = new double[3];
        save();
        LearningLog.Row row = log.rows().getLast();
        progress.at(number + 1, String.format(Locale.ROOT, "return %.0f%s", row.episodeReturn(),
                isTested ? String.format(Locale.ROOT, ", test %.0f", row.testMean()) : ""));
    }

    /** Returns of the test episodes: always the same ones, of other seeds than any that is learned from. */
    private double[] test() {
        List<EpisodeJob> jobs = IntStream.range(0, rhythm.testEpisodes)
                .mapToObj(i -> new EpisodeJob(0, Seeds.named(settings.seed(), "planet test", i))).toList();
        try (Policy policy = policy(testing, 0)) {
            EpisodeResult[] results = new RolloutEngine(testing).run(jobs, policy, Progress.NONE);
            return Arrays.stream(results).mapToDouble(EpisodeResult::episodeReturn).toArray();
        }
    }

    private PlanetPolicy policy(BatchedEnvironment environments, double exploration) {
        return new PlanetPolicy(model, planner, settings.depth(), environments.actionSpace(), exploration, environments.lanes());
    }

    private void save() {
        Map<String, String> text = new LinkedHashMap<>(shared());
        text.put("step", String.valueOf(updates));
        text.put("sums", sums[0] + " " + sums[1] + " " + sums[2]);
        text.put("log", log.toCsv());
        text.put("replay", replayed(replay.episodes()));
        text.put("replayed", String.valueOf(replay.episodes()));
        Checkpoint.write(checkpoint, KIND, text, training.state());
    }

    private void restore() {
        Checkpoint found = Checkpoint.read(checkpoint, KIND).require(shared());
        int count = (int) found.number("replayed");
        if (store.own().size() < count || !replayed(count).equals(found.text().get("replay"))) {
            throw new KitException("The episodes in " + store.folder() + " are not the " + count + " that " + checkpoint
                    + " has learned from; put them back, or delete the checkpoint to start again.");
        }
        training.restore(found);
        updates = found.number("step");
        String[] kept = found.text().get("sums").split(" ");
        for (int i = 0; i < sums.length; i++) {
            sums[i] = Double.parseDouble(kept[i]);
        }
        log = LearningLog.parse(found.text().get("log"));
    }

    /** One checksum for the first episodes. */
    private String replayed(int count) {
        return WholeFile.sha256OfText(store.own().stream().limit(count).map(e -> e.file() + " " + e.content()).collect(Collectors.joining("\n")));
    }

    private Map<String, String> shared() {
        Map<String, String> text = new LinkedHashMap<>(model.shape().text());
        text.putAll(settings.text());
        text.putAll(rhythm.text());
        text.put("task", task.name());
        text.put("planner", planner.settings().toString());
        return text;
    }

    /** Frees the optimiser and the environments; the model stays. */
    @Override
    public void close() {
        replay.close();
        training.close();
        collecting.close();
        testing.close();
    }
}
