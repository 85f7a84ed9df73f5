package worldmodels.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import worldmodels.run.KitException;

/**
 * A search over two numbers that a reader steps through, generation by generation, over the landscape that it searches: every candidate, those that were kept,
 * the ellipse they fill. What is smallest is best.
 */
public final class SearchSteps {

    private static final int SIDE = 96;

    private record Data(String unit, int kept, double[] x, double[] y, int side, String heights, List<String> generations, List<String> values) {}

    private SearchSteps() {}

    /**
     * @param unit        what a step is called, e.g. {@code generation}
     * @param still       what is seen where scripts are off
     * @param landscape   what is searched for its least value
     * @param generations of each, its candidates: (candidates, 2)
     * @param kept        how many of the best make the next mean
     * @throws KitException if there is no generation, or one of other than two numbers
     */
    public static Interactive of(String title, String unit, Figure still, DoubleBinaryOperator landscape, List<double[][]> generations, int kept) {
        if (generations.isEmpty() || generations.stream().flatMap(Arrays::stream).anyMatch(candidate -> candidate.length != 2)) {
            throw new KitException("'" + title + "' needs generations of candidates of two numbers each; give a search over two numbers.");
        }
        double[] x = range(generations, 0);
        double[] y = range(generations, 1);
        List<String> points = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (double[][] generation : generations) {
            float[] flat = new float[2 * generation.length];
            float[] value = new float[generation.length];
            for (int i = 0; i < generation.length; i++) {
                flat[2 * i] = (float) generation[i][0];
                flat[2 * i + 1] = (float) generation[i][1];
                value[i] = (float) landscape.applyAsDouble(generation[i][0], generation[i][1]);
            }
            points.add(EightBits.base64(flat));
            values.add(EightBits.base64(value));
        }
        return new Interactive(title, Still.figure(title, still), List.of("numbers.js", "plot.js", "search.js"), new Data(unit, kept, x, y, SIDE, heights(landscape, x, y), points, values));
    }

    /** What the candidates span, and a tenth more. */
    private static double[] range(List<double[][]> generations, int component) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double[][] generation : generations) {
            for (double[] candidate : generation) {
                low = Math.min(low, candidate[component]);
                high = Math.max(high, candidate[component]);
            }
        }
        double more = Math.max(0.1 * (high - low), 1e-6);
        return new double[] {low - more, high + more};
    }

    /** The landscape's ranks on a square grid, from 0 for its lowest place to 255: bands of equal area, however steep it is. */
    private static String heights(DoubleBinaryOperator landscape, double[] x, double[] y) {
        double[] height = new double[SIDE * SIDE];
        for (int i = 0; i < height.length; i++) {
            height[i] = landscape.applyAsDouble(x[0] + (x[1] - x[0]) * (i % SIDE + 0.5) / SIDE, y[0] + (y[1] - y[0]) * (i / SIDE + 0.5) / SIDE);
        }
        double[] sorted = height.clone();
        Arrays.sort(sorted);
        byte[] ranks = new byte[height.length];
        for (int i = 0; i < ranks.length; i++) {
            int place = Arrays.binarySearch(sorted, height[i]);
            ranks[i] = (byte) (256L * place / height.length);
        }
        return Base64.getEncoder().encodeToString(ranks);
    }
}
