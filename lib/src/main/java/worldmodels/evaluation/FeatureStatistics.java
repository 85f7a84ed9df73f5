package worldmodels.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import worldmodels.nn.Gradients;
import worldmodels.nn.MatrixOps;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;

/**
 * Mean and covariance of the features of many pictures, and the Fréchet distance of two such Gaussians (Dowson and Landau 1982; Heusel et al.
 * 2017, equation 6, who named it FID where the features are those of Inception-v3):
 *
 * <pre>
 * d² = |m1 - m2|² + tr(C1 + C2 - 2 (C1 C2)^(1/2))
 * </pre>
 *
 * The figure depends on the features, on the number of pictures (few pictures make it larger) and on the pictures that are the reference;
 * a table states all three.
 *
 * @param features   what the features are
 * @param count      how many pictures
 * @param mean       (features)
 * @param covariance (features, features), with n - 1
 */
public record FeatureStatistics(String features, long count, double[] mean, double[][] covariance) {

    /**
     * Measures pictures batch by batch, in double precision.
     *
     * @param pictures the i-th batch, uint8 (batch, height, width, 3), attached to the manager it is called with
     * @throws KitException if there are fewer than two pictures
     */
    public static FeatureStatistics of(NDManager manager, FeatureExtractor extractor, Batches pictures, int batches, Progress progress) {
        progress.start("Measuring features", batches, "batches");
        try (NDManager sums = manager.newSubManager()) {
            NDArray sum = null;
            NDArray products = null;
            long count = 0;
            for (int i = 0; i < batches; i++) {
                StoppedException.throwIfInterrupted("Measuring features");
                try (NDManager scope = sums.newSubManager(); Gradients.Pause pause = Gradients.pause()) {
                    NDArray x = extractor.features(pictures.batch(scope, i)).toType(DataType.FLOAT64, true);
                    count += x.getShape().get(0);
                    NDArray batchSum = x.sum(new int[] {0});
                    NDArray batchProducts = x.transpose().matMul(x);
                    NDArray newSum = sum == null ? batchSum : sum.add(batchSum);
                    NDArray newProducts = products == null ? batchProducts : products.add(batchProducts);
                    newSum.attach(sums);
                    newProducts.attach(sums);
                    close(sum);
                    close(products);
                    sum = newSum;
                    products = newProducts;
                }
                progress.at(i + 1, "");
            }
            if (count < 2) {
                throw new KitException("A Fréchet distance needs at least two pictures, not " + count + "; measure more.");
            }
            progress.done("");
            return of(extractor.name(), count, sum.toDoubleArray(), products.toDoubleArray());
        }
    }

    /** Where pictures come from. */
    @FunctionalInterface
    public interface Batches {

        NDArray batch(NDManager manager, int index);
    }

    private static void close(NDArray array) {
        if (array != null) {
            array.close();
        }
    }

    private static FeatureStatistics of(String features, long count, double[] sum, double[] products) {
        int n = sum.length;
        double[] mean = new double[n];
        for (int i = 0; i < n; i++) {
            mean[i] = sum[i] / count;
        }
        double[][] covariance = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                covariance[i][j] = (products[i * n + j] - count * mean[i] * mean[j]) / (count - 1);
            }
        }
        return new FeatureStatistics(features, count, mean, covariance);
    }

    /**
     * d², as FID is reported.
     *
     * @throws KitException if the other's features are not of the same kind
     */
    public double frechetDistance(NDManager manager, FeatureStatistics other) {
        if (!features.equals(other.features) || mean.length != other.mean.length) {
            throw new KitException("The Fréchet distance of " + features + " from " + other.features
                    + " means nothing; measure both pictures with the same features.");
        }
        double distance = 0;
        for (int i = 0; i < mean.length; i++) {
            double difference = mean[i] - other.mean[i];
            distance += difference * difference + covariance[i][i] + other.covariance[i][i];
        }
        try (NDManager scope = manager.newSubManager()) {
            return distance - 2 * MatrixOps.traceOfRoot(matrix(scope, covariance), matrix(scope, other.covariance));
        }
    }

    private static NDArray matrix(NDManager manager, double[][] rows) {
        double[] flat = new double[rows.length * rows.length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * rows.length, rows.length);
        }
        return manager.create(flat, new Shape(rows.length, rows.length));
    }
}
