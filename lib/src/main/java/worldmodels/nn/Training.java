package worldmodels.nn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;

/**
 * The loop around a {@link Learner}:
 *
 * <pre>
 *   until all steps are taken:   update   ->   now and then a point of the curve   ->   now and then a checkpoint
 * </pre>
 *
 * <p>The one checkpoint file holds the learner's state, the step, the curves and the sums for the next point; a training that finds one goes on
 * from there, and ends as if it had never stopped. An interrupt writes one too. Where a term or a weight is no longer finite, the last checkpoint
 * is kept and the sentence says which.
 */
public final class Training {

    private static final String CURVE = "curve";

    /**
     * @param steps           how many in all
     * @param pointEvery      steps between points of the curve; there is one after the last step in any case
     * @param checkpointEvery steps between checkpoints, likewise
     */
    public record Rhythm(long steps, long pointEvery, long checkpointEvery) {

        public Rhythm {
            if (steps < 1 || pointEvery < 1 || checkpointEvery < 1) {
                throw new KitException("A training of " + steps + " steps with a point every " + pointEvery + " and a checkpoint every "
                        + checkpointEvery + " is not possible; each must be at least 1.");
            }
        }

        /** Now and then and at the end, but for a point that the end follows at once. */
        private boolean isPoint(long step) {
            return step == steps || step % pointEvery == 0 && steps - step > pointEvery / 2;
        }
    }

    private record Sum(double sum, long count) {

        Sum and(double value) {
            return new Sum(sum + value, count + 1);
        }
    }

    private final Learner learner;
    private final Rhythm rhythm;
    private final Path file;
    private final Map<String, LearningCurve> curves = new LinkedHashMap<>();
    private final Map<String, Sum> sums = new LinkedHashMap<>();
    private long step;
    private long point;
    private long saved = -1;
    private boolean isSaved;

    /**
     * @param file the checkpoint; gone on from if it is there
     * @throws KitException if it is damaged, or belongs to a training with other settings
     */
    public Training(Learner learner, Rhythm rhythm, Path file) {
        this.learner = learner;
        this.rhythm = rhythm;
        this.file = file;
        if (Files.exists(file)) {
            restore();
        }
    }

    /** Steps taken. */
    public long step() {
        return step;
    }

    /** The curve of the loss. */
    public LearningCurve curve() {
        return curve(Terms.LOSS);
    }

    /** The curve of a term by its name. */
    public LearningCurve curve(String term) {
        return curves.getOrDefault(term, LearningCurve.EMPTY);
    }

    /**
     * Trains to the end.
     *
     * @return the curve of the loss
     * @throws StoppedException if the thread is interrupted; what was done is then in the checkpoint
     * @throws KitException     if a term or a weight is not finite or runs away; the last checkpoint is kept
     */
    public LearningCurve run(Progress progress) {
        progress.start(learner.work(), rhythm.steps, learner.unit());
        progress.at(step, "");
        String figures = "";
        try {
            makePointIfDue();
            while (step < rhythm.steps) {
                StoppedException.throwIfInterrupted(learner.work());
                Terms terms = update();
                makePointIfDue();
                if (step % rhythm.checkpointEvery == 0) {
                    save();
                }
                figures = learner.notice().isEmpty() ? terms.toString() : terms + "; " + learner.notice();
                progress.at(step, figures);
            }
        } catch (StoppedException e) {
            if (step > 0 && !isSaved) {
                save();
            }
            throw e;
        }
        if (!isSaved) {
            save();
        }
        boolean isValidated = !curve().points().isEmpty() && !Double.isNaN(curve().last().validation());
        progress.done(isValidated ? String.format(Locale.ROOT, "loss %.4g, validation %.4g", curve().last().training(), curve().last().validation())
                : figures);
        return curve();
    }

    /**
     * Trains to the end and leaves only what the trained model is used by, without what it would be trained on with. Begins, goes on, or tidies up, as the
     * last run left it.
     *
     * @param learner  made if there is something left to learn, and closed
     * @param training the checkpoint, deleted at the end
     * @param trained  what stays
     * @throws StoppedException as {@link #run}
     * @throws KitException     as {@link #run}, or if the checkpoint cannot be deleted
     */
    public static void throughout(Supplier<? extends Learner> learner, Rhythm rhythm, Path training, Path trained, Progress progress) {
        if (!Files.exists(trained)) {
            try (Learner learning = learner.get()) {
                new Training(learning, rhythm, training).run(progress);
            }
            Checkpoint.copyTrained(training, trained);
        }
        try {
            Files.deleteIfExists(training);
        } catch (IOException e) {
            throw new KitException("Cannot delete " + training + " (" + e.getMessage() + "); make its folder writable.", e);
        }
    }

    private Terms update() {
        Terms terms;
        try {
            terms = learner.update(step);
        } catch (Terms.RunAway e) {
            throw lost(e);
        }
        terms.values().forEach((name, value) -> sums.put(name, sums.getOrDefault(name, new Sum(0, 0)).and(value)));
        step++;
        isSaved = false;
        return terms;
    }

    private void makePointIfDue() {
        if (step == point || !rhythm.isPoint(step)) {
            return;
        }
        Map<String, Double> means = new LinkedHashMap<>();
        sums.forEach((name, sum) -> means.put(name, sum.sum / sum.count));
        Terms measured = learner.measure(step, new Terms(means));
        // What was measured has its curve, also where no step since the point before had that term: no episode ended, say.
        measured.values().keySet().forEach(name -> means.putIfAbsent(name, Double.NaN));
        means.forEach((name, mean) -> curves.put(name, curve(name).and(step, mean, measured.value(name))));
        sums.clear();
        point = step;
        isSaved = false;
    }

    /**
     * Writes the checkpoint now.
     *
     * @throws KitException if a weight is infinite or undefined
     */
    public void save() {
        Checkpoint.Draft draft = new Checkpoint.Draft(learner.kind()).text(shared());
        learner.save(draft);
        if (!draft.isFinite()) {
            throw lost(new Terms.RunAway("a weight is no longer finite"));
        }
        draft.text("step", "" + step).text("point", "" + point);
        curves.forEach((term, curve) -> draft.text(LearningCurve.key(term), curve.toCsv()));
        sums.forEach((term, sum) -> draft.text("sum of " + term, sum.sum + " " + sum.count));
        draft.write(file);
        saved = step;
        isSaved = true;
    }

    private void restore() {
        Checkpoint found = Checkpoint.read(file, learner.kind()).require(shared());
        learner.restore(found);
        step = found.number("step");
        point = found.number("point");
        saved = step;
        isSaved = true;
        found.text().forEach((key, value) -> {
            if (key.equals(CURVE)) {
                curves.put(Terms.LOSS, LearningCurve.parse(value));
            } else if (key.startsWith(CURVE + " of ")) {
                curves.put(key.substring(CURVE.length() + 4), LearningCurve.parse(value));
            } else if (key.startsWith("sum of ")) {
                String[] parts = value.split(" ");
                sums.put(key.substring(7), new Sum(Double.parseDouble(parts[0]), Long.parseLong(parts[1])));
            }
        });
    }

    private Map<String, String> shared() {
        Map<String, String> shared = new LinkedHashMap<>(learner.settings());
        shared.put("pointEvery", "" + rhythm.pointEvery);
        return shared;
    }

    private KitException lost(Terms.RunAway of) {
        String kept = saved > 0 ? "the checkpoint of step " + saved + " is kept in " + file : "no checkpoint was written yet";
        return new KitException(learner.work() + ": " + of.what() + " at step " + step + " (" + kept + "); " + of.remedy() + ".");
    }
}
