package worldmodels.evolution;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;
import worldmodels.run.WholeFile;

/**
 * The search for a controller: generation by generation, ask CMA-ES for candidates, drive each on the generation's common tracks, tell
 * the mean returns (Ha and Schmidhuber 2018, appendix A.4). Every few generations the distribution mean drives the selection tracks,
 * and the best such mean is the candidate to publish; the authors' code does the same. Training drives may be cut short ({@link
 * worldmodels.env.StallLimit}); selection has a fitness of its own, so that a candidate is chosen by what it will be judged by.
 *
 * <p>A checkpoint follows each generation, and beside it {@value #GENERATIONS} for whoever looks on; a search over an existing checkpoint continues it, bit for bit; a kill loses at most the
 * generation under way.
 */
public final class Evolution {

    private static final int FORMAT = 0x45564F31; // "EVO1"

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
     */
    public record Settings(int population, double sigma, int generations, int rollouts, int selectionEvery, int selectionTracks) {

        /** @throws KitException if a count is below 1 */
        public Settings {
            if (generations < 1 || rollouts < 1 || selectionEvery < 1 || selectionTracks < 1) {
                throw new KitException("Evolution needs at least one generation, rollout, selection interval and selection track, not "
                        + generations + ", " + rollouts + ", " + selectionEvery + ", " + selectionTracks
                        + "; mend the evolution settings.");
            }
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
    private final Path checkpoint;
    private final CmaEs search;
    private final List<Generation> history = new ArrayList<>();
    private Candidate candidate;

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
        this.checkpoint = checkpoint;
        search = Files.exists(checkpoint)
                ? read(start.length)
                : new CmaEs(start, settings.sigma(), settings.population(), seed);
    }

    /**
     * Runs the generations that are still to do.
     *
     * @return the candidate to publish
     * @throws StoppedException on interrupt; the checkpoint holds all finished generations
     */
    public Candidate run(Progress progress) {
        progress.start("Evolution", settings.generations(), "generations");
        while (search.generation() < settings.generations()) {
            StoppedException.throwIfInterrupted("Evolution");
            nextGeneration(progress);
            write();
            progress.at(search.generation(), figures());
        }
        if (candidate == null) {
            throw new KitException("No distribution mean had a finite score on the selection tracks, so there is no controller to publish; "
                    + "look for NaN in the models or rewards.");
        }
        progress.done(figures());
        return candidate;
    }

    private void nextGeneration(Progress progress) {
        long began = System.nanoTime();
        int number = search.generation() + 1;
        Fitness.Returns returns = measure(training, search.ask(), tracks.train(number, settings.rollouts()), progress, "generation " + number);
        double[] scores = returns.means();
        // CMA-ES minimises.
        search.tell(Arrays.stream(scores).map(score -> -score).toArray());
        long steps = returns.totalSteps();
        double selectionScore = Double.NaN;
        if (number % settings.selectionEvery() == 0 || number == settings.generations()) {
            double[] mean = search.mean();
            long[] seeds = tracks.select(settings.selectionTracks());
            Fitness.Returns trial = measure(selection, new double[][] {mean}, seeds, progress, "selection " + number);
            steps += trial.totalSteps();
            Candidate tried = Candidate.of(mean, number, trial.scores()[0]);
            selectionScore = tried.selectionScore();
            if (Double.isFinite(selectionScore) && (candidate == null || selectionScore > candidate.selectionScore())) {
                candidate = tried;
            }
        }
        history.add(Generation.of(number, scores, search.sigma(), steps, (System.nanoTime() - began) * 1e-9, selectionScore));
    }

    private Fitness.Returns measure(Fitness fitness, double[][] candidates, long[] seeds, Progress progress, String what) {
        Fitness.Returns returns = fitness.evaluate(candidates, seeds, new Within(progress, search.generation(), figures(), what));
        boolean fits = returns.scores().length == candidates.length && returns.steps().length == candidates.length
                && Arrays.stream(returns.scores()).allMatch(row -> row.length == seeds.length);
        if (!fits) {
            throw new KitException("The fitness of " + what + " did not return " + candidates.length + " x " + seeds.length
                    + " scores; an implementation returns one score for each candidate and track.");
        }
        return returns;
    }

    /** The last generation's figures for a progress line; empty before the first. */
    private String figures() {
        if (history.isEmpty()) {
            return "";
        }
        Generation last = history.getLast();
        String line = String.format(Locale.ROOT, "mean %.1f (SD %.1f, best %.1f), sigma %.3f",
                last.mean(), last.sd(), last.best(), last.sigma());
        return candidate == null ? line : line + String.format(Locale.ROOT, ", selected %.1f of generation %d",
                candidate.selectionScore(), candidate.generation());
    }

    /** Every generation so far, the first first. */
    public List<Generation> history() {
        return List.copyOf(history);
    }

    /** The best distribution mean on the selection tracks so far; null before the first selection. */
    public Candidate candidate() {
        return candidate;
    }

    /** What CMA-ES warned of. */
    public List<String> warnings() {
        return search.warnings();
    }

    /** Shows a fitness's episodes as the note of the generation under way. */
    private static final class Within implements Progress {

        private final Progress outer;
        private final int generation;
        private final String figures;
        private final String what;
        private long total;
        private String unit = "";

        Within(Progress outer, int generation, String figures, String what) {
            this.outer = outer;
            this.generation = generation;
            this.figures = figures.isEmpty() ? "" : figures + "; ";
            this.what = what;
        }

        @Override
        public void start(String work, long total, String unit) {
            this.total = total;
            this.unit = unit;
        }

        @Override
        public void at(long completed, String note) {
            outer.at(generation, figures + what + ": " + completed + " of " + total + " " + unit);
        }

        @Override
        public void done(String note) {}
    }

    private void write() {
        WholeFile.write(checkpoint, stream -> {
            DataOutputStream out = new DataOutputStream(stream);
            out.writeInt(FORMAT);
            out.writeUTF(identity(search.dimension()));
            byte[] state = search.state();
            out.writeInt(state.length);
            out.write(state);
            out.writeInt(history.size());
            for (Generation g : history) {
                out.writeInt(g.number());
                for (double value : new double[] {g.mean(), g.best(), g.worst(), g.sd(), g.sigma(), g.seconds(), g.selectionScore()}) {
                    out.writeDouble(value);
                }
                out.writeLong(g.steps());
            }
            out.writeBoolean(candidate != null);
            if (candidate != null) {
                for (double parameter : candidate.parameters()) {
                    out.writeDouble(parameter);
                }
                out.writeInt(candidate.generation());
                out.writeDouble(candidate.selectionScore());
                out.writeDouble(candidate.selectionSd());
                out.writeInt(candidate.tracks());
            }
            out.flush();
        });
        WholeFile.writeText(checkpoint.resolveSibling(GENERATIONS), Generation.csv(history));
    }

    private CmaEs read(int parameters) {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(checkpoint))) {
            if (in.readInt() != FORMAT) {
                throw new IOException("another kind of file");
            }
            String found = in.readUTF();
            if (!found.equals(identity(parameters))) {
                throw new KitException("Checkpoint " + checkpoint + " is of another search (" + found + ", not " + identity(parameters)
                        + "); use another file or remove it to start again.");
            }
            byte[] state = new byte[in.readInt()];
            in.readFully(state);
            for (int i = in.readInt(); i > 0; i--) {
                int number = in.readInt();
                double[] v = new double[7];
                for (int j = 0; j < v.length; j++) {
                    v[j] = in.readDouble();
                }
                history.add(new Generation(number, v[0], v[1], v[2], v[3], v[4], in.readLong(), v[5], v[6]));
            }
            if (in.readBoolean()) {
                double[] best = new double[parameters];
                for (int i = 0; i < parameters; i++) {
                    best[i] = in.readDouble();
                }
                candidate = new Candidate(best, in.readInt(), in.readDouble(), in.readDouble(), in.readInt());
            }
            return CmaEs.fromState(state);
        } catch (IOException | NegativeArraySizeException e) {
            throw new KitException("Checkpoint " + checkpoint
                    + " is not a whole evolution checkpoint; remove it to start this search again.", e);
        }
    }

    /** What must agree for a checkpoint to continue; the number of generations may grow. */
    private String identity(int parameters) {
        return parameters + " parameters, population " + settings.population() + ", sigma " + settings.sigma() + ", " + settings.rollouts()
                + " rollouts, selection every " + settings.selectionEvery() + " on " + settings.selectionTracks() + " tracks, seed " + seed;
    }
}
