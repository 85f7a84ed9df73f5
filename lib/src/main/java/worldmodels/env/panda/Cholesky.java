package worldmodels.env.panda;

/** Small symmetric positive definite systems: A = L L^T, in place, in the lower triangle. The diagonal keeps the reciprocals of L's. */
final class Cholesky {

    private Cholesky() {}

    /** Replaces the lower triangle of A by L. */
    static void factor(double[][] a, int n) {
        for (int i = 0; i < n; i++) {
            double[] row = a[i];
            for (int j = 0; j <= i; j++) {
                double[] other = a[j];
                double sum = row[j];
                for (int k = 0; k < j; k++) {
                    sum -= row[k] * other[k];
                }
                row[j] = i == j ? 1 / Math.sqrt(sum) : sum * other[j];
            }
        }
    }

    /**
     * Replaces b by A^-1 b.
     *
     * @param first all elements of b before this one are 0
     */
    static void solve(double[][] l, int n, double[] b, int first) {
        for (int i = first; i < n; i++) {
            double[] row = l[i];
            double sum = b[i];
            for (int k = first; k < i; k++) {
                sum -= row[k] * b[k];
            }
            b[i] = sum * row[i];
        }
        for (int i = n - 1; i >= 0; i--) {
            double sum = b[i] * l[i][i];
            b[i] = sum;
            double[] row = l[i];
            for (int k = 0; k < i; k++) {
                b[k] -= row[k] * sum;
            }
        }
    }
}
