package worldmodels.evaluation;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.exception.MathIllegalArgumentException;
import org.apache.commons.math3.stat.regression.OLSMultipleLinearRegression;
import worldmodels.run.KitException;

/**
 * How much of a quantity lies in a vector in the plainest way, a weighted sum of its numbers (Alain and Bengio 2016): least squares on some
 * moments, judged on others by
 *
 * <pre>
 * R² = 1 - Σ (y - ŷ)² / Σ (y - ȳ)²
 * </pre>
 *
 * 1 is all of it, 0 no more than the mean says.
 *
 * @param weights the constant, then one for each number of the vector
 */
public record LinearProbe(double[] weights) {

    /**
     * Numbers that never move get no weight.
     *
     * @param vectors one for each moment
     * @param values  the quantity at each moment
     * @throws KitException if there are fewer moments than weights to find
     */
    public static LinearProbe fit(double[][] vectors, double[] values) {
        int size = vectors.length == 0 ? 0 : vectors[0].length;
        if (vectors.length != values.length || vectors.length <= size + 1) {
            throw new KitException("A linear probe of " + size + " numbers needs more than " + (size + 1) + " moments with a value each, not "
                    + vectors.length + " with " + values.length + " values.");
        }
        int[] moving = moving(vectors);
        double[] weights = new double[size + 1];
        try {
            double[][] x = Arrays.stream(vectors).map(vector -> Arrays.stream(moving).mapToDouble(i -> vector[i]).toArray()).toArray(double[][]::new);
            OLSMultipleLinearRegression regression = new OLSMultipleLinearRegression();
            if (moving.length == 0) {
                weights[0] = Arrays.stream(values).average().orElseThrow();
                return new LinearProbe(weights);
            }
            regression.newSampleData(values, x);
            double[] found = regression.estimateRegressionParameters();
            weights[0] = found[0];
            for (int i = 0; i < moving.length; i++) {
                weights[moving[i] + 1] = found[i + 1];
            }
        } catch (MathIllegalArgumentException e) {
            throw new KitException("A linear probe cannot tell some of the " + size + " numbers apart; take more and more varied moments.", e);
        }
        return new LinearProbe(weights);
    }

    private static int[] moving(double[][] vectors) {
        boolean[] moves = new boolean[vectors[0].length];
        for (double[] vector : vectors) {
            for (int i = 0; i < vector.length; i++) {
                moves[i] |= vector[i] != vectors[0][i];
            }
        }
        return IntStream.range(0, moves.length).filter(i -> moves[i]).toArray();
    }

    /** The weighted sum. */
    public double read(double[] vector) {
        double sum = weights[0];
        for (int i = 0; i < vector.length; i++) {
            sum += weights[i + 1] * vector[i];
        }
        return sum;
    }

    /** R² on moments that were not fitted. */
    public double share(double[][] vectors, double[] values) {
        double mean = Arrays.stream(values).average().orElse(Double.NaN);
        double residual = 0;
        double total = 0;
        for (int i = 0; i < values.length; i++) {
            residual += Math.pow(values[i] - read(vectors[i]), 2);
            total += Math.pow(values[i] - mean, 2);
        }
        return 1 - residual / total;
    }
}
