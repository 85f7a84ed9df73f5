package worldmodels.nn;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import worldmodels.run.KitException;

/**
 * How a training went: the loss on what it trains on and on what it never sees, measured now and then. Immutable; kept in the training's
 * checkpoint, so that a resumed run shows its whole past.
 *
 * @param points in the order of their steps
 */
public record LearningCurve(List<Point> points) {

    /** Nothing measured yet. */
    public static final LearningCurve EMPTY = new LearningCurve(List.of());

    private static final String HEADER = "step,training,validation";

    /**
     * @param step       steps taken
     * @param training   mean loss of the training batches since the point before
     * @param validation mean loss of the validation set; not a number where it was not measured
     */
    public record Point(long step, double training, double validation) {}

    public LearningCurve {
        points = List.copyOf(points);
    }

    /** The loss's curve in a training's checkpoint. */
    public static LearningCurve of(Path checkpoint) {
        return of(checkpoint, Terms.LOSS);
    }

    /** The curve of a term in a training's checkpoint, by the term's name. */
    public static LearningCurve of(Path checkpoint, String term) {
        return parse(Checkpoint.text(checkpoint).getOrDefault(key(term), EMPTY.toCsv()));
    }

    /** What a checkpoint calls the curve of a term. */
    static String key(String term) {
        return term.equals(Terms.LOSS) ? "curve" : "curve of " + term;
    }

    /** This curve and one more point. */
    public LearningCurve and(long step, double training, double validation) {
        List<Point> longer = new ArrayList<>(points);
        longer.add(new Point(step, training, validation));
        return new LearningCurve(longer);
    }

    /** @throws KitException if nothing was measured yet */
    public Point last() {
        if (points.isEmpty()) {
            throw new KitException("The learning curve has no point yet; train first.");
        }
        return points.getLast();
    }

    /** Comma-separated values with a header; numbers are exact, {@link #parse} gives the same curve. */
    public String toCsv() {
        StringBuilder csv = new StringBuilder(HEADER).append('\n');
        for (Point point : points) {
            csv.append(point.step()).append(',').append(point.training()).append(',').append(point.validation()).append('\n');
        }
        return csv.toString();
    }

    /** @throws KitException if the text is no curve */
    public static LearningCurve parse(String csv) {
        List<String> lines = csv.lines().toList();
        try {
            if (!lines.getFirst().equals(HEADER)) {
                throw new NumberFormatException("header " + lines.getFirst());
            }
            List<Point> points = new ArrayList<>();
            for (String line : lines.subList(1, lines.size())) {
                String[] cells = line.split(",", -1);
                points.add(new Point(Long.parseLong(cells[0]), Double.parseDouble(cells[1]), Double.parseDouble(cells[2])));
            }
            return new LearningCurve(points);
        } catch (RuntimeException e) {
            throw new KitException("This text is no learning curve (" + e.getMessage() + "); its lines are " + HEADER + ".", e);
        }
    }
}
