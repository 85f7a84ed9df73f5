package worldmodels.evolution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import worldmodels.run.KitException;

/**
 * One generation in figures. Scores are candidates' means over the generation's tracks; those that are not finite are left out.
 *
 * @param number         1 for the first
 * @param mean           mean over candidates
 * @param best           greatest candidate mean: a lucky one among many, not to be reported as a result
 * @param worst          least candidate mean
 * @param sd             standard deviation over candidates (n - 1)
 * @param sigma          step size after the generation
 * @param steps          environment steps, those on selection tracks included
 * @param seconds        wall time
 * @param selectionScore the distribution mean's score on the selection tracks; NaN in generations without selection
 */
public record Generation(int number, double mean, double best, double worst, double sd, double sigma, long steps, double seconds,
        double selectionScore) {

    static Generation of(int number, double[] scores, double sigma, long steps, double seconds, double selectionScore) {
        double[] finite = Arrays.stream(scores).filter(Double::isFinite).toArray();
        double mean = Arrays.stream(finite).sum() / finite.length;
        double squares = Arrays.stream(finite).map(score -> (score - mean) * (score - mean)).sum();
        return new Generation(number, mean, Arrays.stream(finite).max().orElse(Double.NaN), Arrays.stream(finite).min().orElse(Double.NaN),
                finite.length < 2 ? 0 : Math.sqrt(squares / (finite.length - 1)), sigma, steps, seconds, selectionScore);
    }

    private static final String HEADER = "generation,mean,best,worst,sd,sigma,steps,seconds,selection";

    /** One line per generation; numbers are written so that reading gives the same double, and no selection is an empty cell. */
    static String csv(List<Generation> generations) {
        return generations.stream()
                .map(g -> String.join(",", String.valueOf(g.number), String.valueOf(g.mean), String.valueOf(g.best), String.valueOf(g.worst),
                        String.valueOf(g.sd), String.valueOf(g.sigma), String.valueOf(g.steps), String.valueOf(g.seconds),
                        g.selected() ? String.valueOf(g.selectionScore) : ""))
                .collect(Collectors.joining("\n", HEADER + "\n", "\n"));
    }

    /**
     * What a search has written so far, also while it runs.
     *
     * @throws KitException if the file cannot be read or is not such a table
     */
    public static List<Generation> readCsv(Path file) {
        try {
            return parseCsv(Files.readString(file));
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new KitException("Cannot read the generations in " + file + " (" + e.getMessage()
                    + "); the search writes the file again after its next generation.", e);
        }
    }

    static List<Generation> parseCsv(String csv) {
        return csv.lines().skip(1).map(Generation::parse).toList();
    }

    private static Generation parse(String line) {
        String[] cells = line.split(",", -1);
        return new Generation(Integer.parseInt(cells[0]), Double.parseDouble(cells[1]), Double.parseDouble(cells[2]),
                Double.parseDouble(cells[3]), Double.parseDouble(cells[4]), Double.parseDouble(cells[5]), Long.parseLong(cells[6]),
                Double.parseDouble(cells[7]), cells[8].isEmpty() ? Double.NaN : Double.parseDouble(cells[8]));
    }

    /** Whether the distribution mean was tried on the selection tracks. */
    public boolean selected() {
        return !Double.isNaN(selectionScore);
    }
}
