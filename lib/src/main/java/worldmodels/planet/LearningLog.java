package worldmodels.planet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import worldmodels.run.KitException;

/**
 * How a PlaNet run went, one row per collected episode. Immutable; kept in the run's checkpoint, so that a resumed run shows its whole past.
 *
 * @param rows in order
 */
public record LearningLog(List<Row> rows) {

    /** Nothing collected yet. */
    public static final LearningLog EMPTY = new LearningLog(List.of());

    private static final String HEADER = "episodes,environmentSteps,updates,return,observation,reward,divergence,tests";

    /**
     * @param episodes         collected so far, seed episodes and this one included
     * @param environmentSteps simulated so far for training, each repetition of an action counted
     * @param updates          of the model so far
     * @param episodeReturn    of this episode, which was played with exploration noise
     * @param losses           means over the updates since the episode before
     * @param tests            returns of the test episodes after this one, without noise; most often none
     */
    public record Row(int episodes, long environmentSteps, long updates, double episodeReturn, Losses losses, double[] tests) {

        /** Mean return of the test episodes; not a number where there were none. */
        public double testMean() {
            return Arrays.stream(tests).average().orElse(Double.NaN);
        }
    }

    public LearningLog {
        rows = List.copyOf(rows);
    }

    /** This log and one more row. */
    LearningLog and(Row row) {
        List<Row> longer = new ArrayList<>(rows);
        longer.add(row);
        return new LearningLog(longer);
    }

    /** The rows after which there were test episodes. */
    public List<Row> tested() {
        return rows.stream().filter(row -> row.tests().length > 0).toList();
    }

    /** Comma-separated values with a header, test returns separated by spaces; numbers are exact, {@link #parse} gives the same log. */
    public String toCsv() {
        StringBuilder csv = new StringBuilder(HEADER).append('\n');
        for (Row row : rows) {
            String tests = String.join(" ", Arrays.stream(row.tests()).mapToObj(Double::toString).toList());
            csv.append(row.episodes()).append(',').append(row.environmentSteps()).append(',').append(row.updates()).append(',')
                    .append(row.episodeReturn()).append(',').append(row.losses().observation()).append(',').append(row.losses().reward()).append(',')
                    .append(row.losses().divergence()).append(',').append(tests).append('\n');
        }
        return csv.toString();
    }

    /** @throws KitException if the text is no log */
    public static LearningLog parse(String csv) {
        List<String> lines = csv.lines().toList();
        try {
            if (!lines.getFirst().equals(HEADER)) {
                throw new NumberFormatException("header " + lines.getFirst());
            }
            List<Row> rows = new ArrayList<>();
            for (String line : lines.subList(1, lines.size())) {
                String[] c = line.split(",", -1);
                double[] tests = c[7].isEmpty() ? new double[0] : Arrays.stream(c[7].split(" ")).mapToDouble(Double::parseDouble).toArray();
                Losses losses = new Losses(Double.parseDouble(c[4]), Double.parseDouble(c[5]), Double.parseDouble(c[6]));
                rows.add(new Row(Integer.parseInt(c[0]), Long.parseLong(c[1]), Long.parseLong(c[2]), Double.parseDouble(c[3]), losses, tests));
            }
            return new LearningLog(rows);
        } catch (RuntimeException e) {
            throw new KitException("This text is no log of a PlaNet run (" + e.getMessage() + "); its lines are " + HEADER + ".", e);
        }
    }
}
