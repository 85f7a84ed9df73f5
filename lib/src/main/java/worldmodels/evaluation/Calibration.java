package worldmodels.evaluation;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import worldmodels.run.KitException;

/**
 * Whether predictions mean what they say: predictions are sorted into bins of equal count, and in each the mean prediction stands beside the mean of
 * what came (a reliability diagram). A calibrated predictor has them equal, however little it can tell apart.
 *
 * @param bins in the order of their predictions
 */
public record Calibration(List<Bin> bins) {

    /**
     * @param predicted mean prediction
     * @param actual    mean of what came
     * @param count     how many
     */
    public record Bin(double predicted, double actual, int count) {}

    public Calibration {
        bins = List.copyOf(bins);
    }

    /**
     * @param predicted expectations or probabilities
     * @param actual    what came, 0 or 1 for events
     * @param count     bins at most
     * @throws KitException if there is no prediction, or not one for each outcome
     */
    public static Calibration of(double[] predicted, double[] actual, int count) {
        if (predicted.length == 0 || predicted.length != actual.length || count < 1) {
            throw new KitException("A calibration of " + predicted.length + " predictions and " + actual.length + " outcomes in " + count
                    + " bins is not possible; give one outcome for each prediction.");
        }
        int[] order = IntStream.range(0, predicted.length).boxed().sorted(Comparator.comparingDouble(i -> predicted[i]))
                .mapToInt(Integer::intValue).toArray();
        int used = Math.min(count, predicted.length);
        return new Calibration(IntStream.range(0, used).mapToObj(bin -> {
            int from = (int) ((long) bin * order.length / used);
            int to = (int) ((long) (bin + 1) * order.length / used);
            double p = IntStream.range(from, to).mapToDouble(i -> predicted[order[i]]).average().orElseThrow();
            double a = IntStream.range(from, to).mapToDouble(i -> actual[order[i]]).average().orElseThrow();
            return new Bin(p, a, to - from);
        }).toList());
    }

    /** The expected calibration error: |prediction - outcome| of each bin, averaged over all predictions. */
    public double error() {
        double all = bins.stream().mapToInt(Bin::count).sum();
        return bins.stream().mapToDouble(bin -> bin.count() * Math.abs(bin.predicted() - bin.actual())).sum() / all;
    }

    /** Mean prediction and mean outcome over everything: whether the predictor is right on the whole. */
    public Bin overall() {
        int all = bins.stream().mapToInt(Bin::count).sum();
        return new Bin(bins.stream().mapToDouble(bin -> bin.count() * bin.predicted()).sum() / all,
                bins.stream().mapToDouble(bin -> bin.count() * bin.actual()).sum() / all, all);
    }
}
