package worldmodels.env.panda;

/** Small symmetric positive definite systems: A = L L^T, in place, in the lower triangle. */
final class Cholesky {

    private Cholesky() {}

    /** Replaces the lower triangle of A by L. */
    static void factor(double[][] a, int n) {
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = a[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= a[i][k] * a[j][k];
                }
                a[i][j] = i == j ? Math.sqrt(sum) : sum / a[j][j];
            }
        }
    }

    /** Replaces b by A^-1 b. */
    static void solve(double[][] l, int n, double[] b) {
        for (int i = 0; i < n; i++) {
            double sum = b[i];
            for (int k = 0; k < i; k++) {
                sum -= l[i][k] * b[k];
            }
            b[i] = sum / l[i][i];
        }
        for (int i = n - 1; i >= 0; i--) {
            double sum = b[i];
            for (int k = i + 1; k < n; k++) {
                sum -= l[k][i] * b[k];
            }
            b[i] = sum / l[i][i];
        }
    }
}
