package worldmodels.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import worldmodels.data.EpisodeJob;
import worldmodels.data.Policy;
import worldmodels.data.RolloutEngine;
import worldmodels.data.StepListener;
import worldmodels.env.BatchedEnvironment;
import worldmodels.evolution.Fitness;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.Stage;
import worldmodels.run.WholeFile;

/**
 * The protocol of the final numbers, for whatever acts and learned in whatever way: each trained agent drives once on every test track, none of which
 * training or selection has seen (Ha and Schmidhuber 2018: 100 tracks). The episodes are kept, and every figure can be worked out from them again.
 *
 * @param episodes run by run, tracks in order
 */
public record Evaluation(List<TestEpisode> episodes) {

    private static final String FILE = "episodes.csv";
    private static final String HEADER = "run,track,score,steps";

    /** @throws KitException if there is no episode, or a score is not finite: a mean over such scores would mean nothing */
    public Evaluation {
        episodes = List.copyOf(episodes);
        if (episodes.isEmpty()) {
            throw new KitException("An evaluation needs at least one episode; raise evaluation.tracks.");
        }
        for (TestEpisode episode : episodes) {
            if (!Double.isFinite(episode.score())) {
                throw new KitException("The score on track " + episode.track() + " is " + episode.score()
                        + "; look for NaN in the models or rewards.");
            }
        }
    }

    /**
     * Any policy, one episode for each seed.
     *
     * @param run          the training seed it comes from
     * @param policy       for as many lanes as there are environments
     * @param environments whole episodes, as no training may have cut them short
     * @param repeat       environment steps of one action ({@link worldmodels.env.ActionRepeat})
     * @param seeds        of {@link TrackSeeds#TEST}, or of {@link TrackSeeds#SELECT} where something is chosen by it
     * @throws KitException if something was learned from one of the seeds
     */
    public static Evaluation of(long run, Policy policy, BatchedEnvironment environments, int repeat, long[] seeds, Progress progress) {
        return of(run, policy, environments, repeat, seeds, StepListener.NONE, progress);
    }

    /** As above, for what is to be known of an episode beside its score; the listener's job numbers count the seeds. */
    public static Evaluation of(long run, Policy policy, BatchedEnvironment environments, int repeat, long[] seeds, StepListener listener,
            Progress progress) {
        refuseLearned(seeds);
        List<EpisodeJob> jobs = LongStream.of(seeds).mapToObj(seed -> new EpisodeJob(0, seed)).toList();
        return new Evaluation(Stream.of(new RolloutEngine(environments).run(jobs, policy, listener, progress))
                .map(result -> new TestEpisode(run, result.job().seed(), result.episodeReturn(), result.length() * repeat)).toList());
    }

    /**
     * Parameters of what a search looks for, one episode for each seed.
     *
     * @param run        the training seed they come from
     * @param agent      drives parameter vectors through whole episodes
     * @param parameters the agent's parameter vector
     * @param seeds      likewise
     * @throws KitException likewise
     */
    public static Evaluation of(long run, Fitness agent, double[] parameters, long[] seeds, Progress progress) {
        refuseLearned(seeds);
        Fitness.Returns returns = agent.evaluate(new double[][] {parameters}, seeds, progress);
        return new Evaluation(IntStream.range(0, seeds.length)
                .mapToObj(i -> new TestEpisode(run, seeds[i], returns.scores()[0][i], returns.steps()[0][i])).toList());
    }

    private static void refuseLearned(long[] seeds) {
        for (long seed : seeds) {
            TrackSeeds purpose = TrackSeeds.of(seed);
            if (purpose != TrackSeeds.TEST && purpose != TrackSeeds.SELECT) {
                throw new KitException("Seed " + seed + " serves " + purpose + ", so a score on it would not be one on what is new to the agent;"
                        + " evaluate on TrackSeeds.TEST.");
            }
        }
    }

    /** As the result of a stage: driven unless that is done. */
    public static Evaluation keptBy(Stage stage, Supplier<Evaluation> driven) {
        stage.complete(folder -> {
            Evaluation evaluation = driven.get();
            evaluation.writeCsv(folder.resolve(FILE));
            return Map.of("environmentSteps", String.valueOf(evaluation.environmentSteps()));
        });
        return keptBy(stage);
    }

    /** The result of a finished stage. */
    public static Evaluation keptBy(Stage stage) {
        return readCsv(stage.file(FILE));
    }

    /** Environment steps of all episodes. */
    public long environmentSteps() {
        return episodes.stream().mapToLong(TestEpisode::steps).sum();
    }

    /** Several training seeds' evaluations as one. */
    public static Evaluation together(List<Evaluation> evaluations) {
        return new Evaluation(evaluations.stream().flatMap(e -> e.episodes().stream()).toList());
    }

    /** The scores by training seed, in the order of the episodes: (k, episodes of the run). */
    public double[][] scoresByRun() {
        long[] runs = episodes.stream().mapToLong(TestEpisode::run).distinct().toArray();
        return LongStream.of(runs)
                .mapToObj(run -> episodes.stream().filter(e -> e.run() == run).mapToDouble(TestEpisode::score).toArray())
                .toArray(double[][]::new);
    }

    /** Mean, interval, SD, median, interquartile mean, n and k; the interval is crossed over runs and tracks where all runs drove the same tracks. */
    public Summary summary() {
        return isShared() ? Summary.crossed(scores(tracks())) : Summary.of(scoresByRun());
    }

    /** The episodes of one run. */
    public Evaluation of(long run) {
        return new Evaluation(episodes.stream().filter(episode -> episode.run() == run).toList());
    }

    /**
     * How much better than another agent of the same runs, run by run and track by track: on a track that is hard for both, both score less, and what a run
     * got from its rollouts and its V it got in both; so the difference is known better than either score. n counts pairs of episodes, k runs.
     *
     * @throws KitException if the two did not drive the same tracks, or are not of the same runs
     */
    public Summary minus(Evaluation other) {
        long[] tracks = sharedWith(other);
        if (!Arrays.equals(runs(), other.runs())) {
            throw new KitException("The two agents are of other runs, " + Arrays.toString(runs()) + " and " + Arrays.toString(other.runs())
                    + "; compare those of the same chains.");
        }
        double[][] ours = scores(tracks);
        double[][] theirs = other.scores(tracks);
        return Summary.crossed(IntStream.range(0, ours.length)
                .mapToObj(run -> IntStream.range(0, tracks.length).mapToDouble(track -> ours[run][track] - theirs[run][track]).toArray()).toArray(double[][]::new));
    }

    /**
     * How often it is better than another agent, of whatever runs.
     *
     * @throws KitException if the two did not drive the same tracks
     */
    public Improvement improvementOver(Evaluation other) {
        long[] tracks = sharedWith(other);
        return Improvement.of(scores(tracks), other.scores(tracks));
    }

    /** The share of episodes above each of these scores. */
    public PerformanceProfile profile(double[] scores) {
        return isShared() ? PerformanceProfile.of(scores(tracks()), Bootstrap.Draw.CROSSED, scores)
                : PerformanceProfile.of(scoresByRun(), Bootstrap.Draw.NESTED, scores);
    }

    private long[] runs() {
        return episodes.stream().mapToLong(TestEpisode::run).distinct().sorted().toArray();
    }

    private long[] tracks() {
        return episodes.stream().mapToLong(TestEpisode::track).distinct().sorted().toArray();
    }

    /** Whether every run drove every track, once. */
    private boolean isShared() {
        return episodes.size() == runs().length * tracks().length
                && episodes.stream().map(episode -> List.of(episode.run(), episode.track())).distinct().count() == episodes.size();
    }

    private long[] sharedWith(Evaluation other) {
        long[] tracks = tracks();
        if (!isShared() || !other.isShared() || !Arrays.equals(tracks, other.tracks())) {
            throw new KitException("The two agents drove different tracks (" + tracks.length + " and " + other.tracks().length
                    + ", not the same ones in every run); compare evaluations of the same preset.");
        }
        return tracks;
    }

    /** (runs in order of their seeds, these tracks), where every run drove them all. */
    private double[][] scores(long[] tracks) {
        return LongStream.of(runs()).mapToObj(run -> {
            Map<Long, Double> byTrack = episodes.stream().filter(e -> e.run() == run).collect(Collectors.toMap(TestEpisode::track, TestEpisode::score));
            return LongStream.of(tracks).mapToDouble(byTrack::get).toArray();
        }).toArray(double[][]::new);
    }

    /** One line per episode: run, track, score, steps. Scores are written so that reading gives the same double. */
    public String csv() {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        for (TestEpisode e : episodes) {
            text.append(e.run()).append(',').append(e.track()).append(',').append(e.score()).append(',').append(e.steps()).append('\n');
        }
        return text.toString();
    }

    /** Writes {@link #csv}. */
    public void writeCsv(Path file) {
        WholeFile.writeText(file, csv());
    }

    /** @throws KitException if the file cannot be read or is not such a table */
    public static Evaluation readCsv(Path file) {
        try {
            List<String> all = Files.readString(file).lines().toList();
            if (all.isEmpty() || !all.getFirst().equals(HEADER)) {
                throw new IOException("the first line is not " + HEADER);
            }
            return new Evaluation(all.stream().skip(1).map(Evaluation::parse).toList());
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new KitException("Cannot read the episodes in " + file + " (" + e.getMessage()
                    + "); remove the file and evaluate again.", e);
        }
    }

    private static TestEpisode parse(String line) {
        String[] cells = line.split(",", -1);
        return new TestEpisode(Long.parseLong(cells[0]), Long.parseLong(cells[1]), Double.parseDouble(cells[2]), Integer.parseInt(cells[3]));
    }
}
