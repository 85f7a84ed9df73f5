package worldmodels.study.carracing;

/** Vectors in the plane of the two directions in which they spread most (principal components), found by power iteration on their covariance. */
final class PrincipalPlane {

    private static final int ITERATIONS = 200;

    private PrincipalPlane() {}

    /**
     * @param vectors (n, size), which are not changed
     * @return (n, 2)
     */
    static double[][] of(double[][] vectors) {
        double[][] rest = centred(vectors);
        double[][] plane = new double[rest.length][2];
        for (int axis = 0; axis < 2; axis++) {
            double[] direction = widest(rest);
            for (int i = 0; i < rest.length; i++) {
                plane[i][axis] = product(rest[i], direction);
                for (int j = 0; j < direction.length; j++) {
                    rest[i][j] -= plane[i][axis] * direction[j];
                }
            }
        }
        return plane;
    }

    private static double[][] centred(double[][] vectors) {
        double[] mean = new double[vectors[0].length];
        for (double[] vector : vectors) {
            for (int j = 0; j < mean.length; j++) {
                mean[j] += vector[j] / vectors.length;
            }
        }
        double[][] centred = new double[vectors.length][mean.length];
        for (int i = 0; i < vectors.length; i++) {
            for (int j = 0; j < mean.length; j++) {
                centred[i][j] = vectors[i][j] - mean[j];
            }
        }
        return centred;
    }

    /** v <- Σ x (x · v) / |...|, from a start that no symmetry makes a bad one. */
    private static double[] widest(double[][] vectors) {
        double[] direction = new double[vectors[0].length];
        for (int j = 0; j < direction.length; j++) {
            direction[j] = 1 + 0.1 * j;
        }
        for (int k = 0; k < ITERATIONS; k++) {
            double[] next = new double[direction.length];
            for (double[] vector : vectors) {
                double along = product(vector, direction);
                for (int j = 0; j < next.length; j++) {
                    next[j] += along * vector[j];
                }
            }
            double length = Math.sqrt(product(next, next));
            if (length == 0) {
                return direction;
            }
            for (int j = 0; j < next.length; j++) {
                direction[j] = next[j] / length;
            }
        }
        return direction;
    }

    private static double product(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += a[j] * b[j];
        }
        return sum;
    }
}
