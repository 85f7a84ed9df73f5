package worldmodels.evolution;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import worldmodels.nn.Checkpoint;
import worldmodels.nn.Learner;
import worldmodels.nn.Terms;
import worldmodels.nn.Training;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.Settings.Before;
import worldmodels.run.StoppedException;
import worldmodels.run.WholeFile;

/**
 * The search for a controller: generation by generation, ask CMA-ES for candidates, drive each on the generation's common tracks, tell
 * the mean returns (Ha and Schmidhuber 2018, appendix A.4). Every few generations the distribution mean drives the selection tracks,
 * and the best such mean is the candidate to publish; the authors' code does the same. Training drives may be cut short ({@link
 * worldmodels.env.StallLimit}); selection has a fitness of its own, so that a candidate is chosen by what it will be judged by.
 *
 * <p>It is a {@link Learner} whose step is a generation: {@link Training} writes a checkpoint after each, and beside it stands {@value #GENERATIONS} for
 * whoever looks on. A search over an existing checkpoint continues it, bit for bit; a kill loses at most the generation under way.
 */
public final class Evolution implements Learner {

    /** The usual name of the checkpoint; a finished search does not need it any more. */
    public static final String CHECKPOINT = "evolution.safetensors";

    /** The file beside the checkpoint that {@link Generation#readCsv} reads. */
    public static final String GENERATIONS = "generations.csv";

    /**
     * The search's settings; the authors' are 64, 0.1, 1800, 16, 25, 1024.
     *
     * @param population      candidates per generation
     * @param sigma           first step size; the first mean is 0
     * @param generations     how many in all
     * @param rollouts        tracks per generation, each driven by every candidate
     * @param selectionEvery  generations between two trials of the distribution mean; the last generation has one in any case
     * @param selectionTracks tracks of such a trial
     * @param averaged        the last distribution means whose mean is tried; under noise their wandering averages out (Polyak and Juditsky 1992)
     * @param sampling        of the candidates
     * @param covariance      which part of it is adapted
     */
    public record Settings(int population, double sigma, int generations, int rollouts, int selectionEvery, int selectionTracks,
                           @Before("1") int averaged, @Before("INDEPENDENT") CmaEs.Sampling sampling,
                           @Before("FULL") CmaEs.Shape covariance) {

        /** @throws KitException if a count is below 1 */
        public Settings {
            if (generations < 1 || rollouts < 1 || selectionEvery < 1 || selectionTracks < 1 || averaged < 1) {
                throw new KitException("Evolution needs at least one generation, rollout, selection interval, selection track and mean to average, not "
                        + generations + ", " + rollouts + ", " + selectionEvery + ", " + selectionTracks + ", " + averaged
                        + "; mend the evolution settings.");
            }
        }

        /** The authors' way: independent candidates, the full matrix, and the distribution mean itself is tried. */
        public Settings(int population, double sigma, int generations, int rollouts, int selectionEvery, int selectionTracks) {
            this(population, sigma, generations, rollouts, selectionEvery, selectionTracks, 1, CmaEs.Sampling.INDEPENDENT, CmaEs.Shape.FULL);
        }

        /** This search, but the mean of the last distribution means is what is tried and published. */
        public Settings averaging(int means) {
            return new Settings(population, sigma, generations, rollouts, selectionEvery, selectionTracks, means, sampling, covariance);
        }

        /** This search with candidates sampled in another way. */
        public Settings sampling(CmaEs.Sampling other) {
            return new Settings(population, sigma, generations, rollouts, selectionEvery, selectionTracks, averaged, other, covariance);
        }

        /** This search with another part of the covariance matrix adapted. */
        public Settings covariance(CmaEs.Shape other) {
            return new Settings(population, sigma, generations, rollouts, selectionEvery, selectionTracks, averaged, sampling, other);
        }
    }

    /** Where the environments' seeds come from; train and select must not overlap, neither with the tracks of the final evaluation. */
    public interface Tracks {

        /** The tracks of a generation, the same whenever asked. */
        long[] train(int generation, int count);

        /** The selection tracks, always the same. */
        long[] select(int count);
    }

    private final Settings settings;
    private final long seed;
    private final Fitness training;
    private final Fitness selection;
    private final Tracks tracks;
    private final Path generations;
    private final Training loop;
    private final List<Generation> history = new ArrayList<>();
    /** The last distribution means, the newest last. */
    private final ArrayDeque<double[]> means = new ArrayDeque<>();
    private CmaEs search;
    private Candidate candidate;
    private Progress progress = Progress.NONE;

    /**
     * Begins a search, or continues the one in the checkpoint.
     *
     * @param start      the controller's parameters that a new search begins with; zeros for one that knows nothing
     * @param seed       of CMA-ES's samples
     * @param training   measures a generation's candidates
     * @param selection  measures the distribution mean on the selection tracks
     * @param checkpoint the file that is written after each generation
     * @throws KitException if the checkpoint is damaged or belongs to other settings
     */
    public Evolution(Settings settings, double[] start, long seed, Fitness training, Fitness selection, Tracks tracks, Path checkpoint) {
        this.settings = settings;
        this.seed = seed;
        this.training = training;
        this.selection = selection;
        this.tracks = tracks;
        this.generations = checkpoint.resolveSibling(GENERATIONS);
        this.search = new CmaEs(start, settings.sigma(), settings.population(), seed, settings.sampling(), settings.covariance());
        this.loop = new Training(this, new Training.Rhythm(settings.generations(), settings.selectionEvery(), 1), checkpoint);
    }

    /**
     * Runs the generations that are still to do.
     *
     * @return the candidate to publish
     * @throws StoppedException on interrupt; the checkpoint holds all finished generations
     */
    public Candidate run(Progress progress) {
        this.progress = progress;
        loop.run(progress);
        if (candidate == null) {
            throw new KitException("No distribution mean had a finite score on the selection tracks, so there is no controller to publish; "
                    + "look for NaN in the models or rewards.");
        }
        return candidate;
    }

    @Override
    public String work() {
        return "Evolution";
    }

    @Override
    public String unit() {
        return "generations";
    }

    @Override
    public String kind() {
        return "Evolution";
    }

    /** All but the number of generations, which may grow. */
    @Override
    public Map<String, String> settings() {
        Map<String, String> text = worldmodels.run.Settings.text(settings);
        text.remove("generations");
        text.put("parameters", String.valueOf(search.dimension()));
        text.put("seed", String.valueOf(seed));
        return text;
    }

    /** One generation. Where its selection is stopped it is played again by the next run: the checkpoint is of the one before. */
    @Override
    public Terms update(long step) {
        long began = System.nanoTime();
        int number = search.generation() + 1;
        Fitness.Returns returns = measure(training, search.ask(), tracks.train(number, settings.rollouts()), "generation " + number);
        double[] scores = returns.means();
        // CMA-ES minimises.
        search.tell(Arrays.stream(scores).map(score -> -score).toArray());
        remember(search.mean());
        long steps = returns.totalSteps();
        double selectionScore = Double.NaN;
        if (number % settings.selectionEvery() == 0 || number == settings.generations()) {
            double[] mean = average();
            long[] seeds = tracks.select(settings.selectionTracks());
            Fitness.Returns trial = measure(selection, new double[][] {mean}, seeds, "selection " + number);
            steps += trial.totalSteps();
            Candidate tried = Candidate.of(mean, number, trial.scores()[0]);
            selectionScore = tried.selectionScore();
            if (Double.isFinite(selectionScore) && (candidate == null || selectionScore > candidate.selectionScore())) {
                candidate = tried;
            }
        }
        history.add(Generation.of(number, scores, search.sigma(), steps, (System.nanoTime() - began) * 1e-9, selectionScore));
        return figures();
    }

    private void remember(double[] mean) {
        means.addLast(mean);
        if (means.size() > settings.averaged()) {
            means.removeFirst();
        }
    }

    /** Of the last distribution means; of one it is that mean, bit for bit. */
    private double[] average() {
        double[] sum = new double[search.dimension()];
        means.forEach(mean -> Arrays.setAll(sum, i -> sum[i] + mean[i]));
        return Arrays.stream(sum).map(value -> value / means.size()).toArray();
    }

    private Fitness.Returns measure(Fitness fitness, double[][] candidates, long[] seeds, String what) {
        String note = (history.isEmpty() ? "" : figures() + "; ") + what + ": ";
        int episodes = candidates.length * seeds.length;
        int before = history.size();
        Fitness.Returns returns = fitness.evaluate(candidates, seeds,
                Progress.ofPart((played, nothing) -> progress.at(before, note + played + " of " + episodes + " episodes")));
        boolean fits = returns.scores().length == candidates.length && returns.steps().length == candidates.length
                && Arrays.stream(returns.scores()).allMatch(row -> row.length == seeds.length);
        if (!fits) {
            throw new KitException("The fitness of " + what + " did not return " + candidates.length + " x " + seeds.length
                    + " scores; an implementation returns one score for each candidate and track.");
        }
        return returns;
    }

    private Terms figures() {
        Generation last = history.getLast();
        Terms figures = Terms.of("mean", last.mean()).and("SD", last.sd()).and("best", last.best()).and("sigma", last.sigma());
        return candidate == null ? figures : figures.and("selected", candidate.selectionScore());
    }

    /** Every generation so far, the first first. */
    public List<Generation> history() {
        return List.copyOf(history);
    }

    /** The best distribution mean on the selection tracks so far; null before the first selection. */
    public Candidate candidate() {
        return candidate;
    }

    /** CMA-ES's last warning. */
    @Override
    public String notice() {
        return search.warnings().isEmpty() ? "" : search.warnings().getLast();
    }

    @Override
    public void save(Checkpoint.Draft draft) {
        WholeFile.writeText(generations, Generation.csv(history));
        search.save(draft);
        draft.text("history", Generation.csv(history));
        if (settings.averaged() > 1) {
            draft.put("last means", means.stream().flatMapToDouble(Arrays::stream).toArray());
        }
        if (candidate != null) {
            draft.put("candidate", candidate.parameters()).text("candidate's generation", String.valueOf(candidate.generation()))
                    .put("candidate's score", candidate.selectionScore()).put("candidate's SD", candidate.selectionSd());
        }
    }

    @Override
    public void restore(Checkpoint found) {
        search = CmaEs.restore(found);
        history.addAll(Generation.parseCsv(found.text().get("history")));
        if (settings.averaged() > 1) {
            double[] last = found.doubles("last means");
            for (int from = 0; from < last.length; from += search.dimension()) {
                means.addLast(Arrays.copyOfRange(last, from, from + search.dimension()));
            }
        }
        if (found.names().contains("candidate")) {
            candidate = new Candidate(found.doubles("candidate"), (int) found.number("candidate's generation"), found.doubles("candidate's score")[0],
                    found.doubles("candidate's SD")[0], settings.selectionTracks());
        }
    }

    /** Nothing to free; the fitness stays its maker's. */
    @Override
    public void close() {}
}
