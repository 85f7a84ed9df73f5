package worldmodels.evolution;

import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import worldmodels.nn.Checkpoint;

/**
 * A covariance matrix and its Cholesky factor, each as the rows of its lower triangle.
 *
 * <p>CMA-ES samples m + sigma A z with any A of that kind. The tutorial takes the symmetric root from an eigendecomposition; the triangular
 * factor gives the same distribution and serves the step-size path as well (O. Krause, D. R. Arbones, C. Igel, "CMA-ES with optimal
 * covariance update and storage complexity", NIPS 2016) for about a thirtieth of the arithmetic, in a fixed order: results are the same
 * bit for bit on every machine and for every number of threads.
 *
 * <p>The inner loops add four multiples of vectors to a row, the form that the JVM turns into vector instructions; every row is
 * written by one thread.
 */
final class FullCovariance implements Covariance {

    /** Below this the work of a row is too small to share. */
    private static final int PARALLEL_FROM = 200;
    private static final int ROWS_PER_TASK = 16;
    private static final int PANEL = 64;
    private static final double[] MINUS_ONE = new double[PANEL];

    static {
        Arrays.fill(MINUS_ONE, -1);
    }

    private final int n;
    final double[][] c;
    double[][] a;
    private double[][] spare;

    /** The identity. */
    FullCovariance(int n) {
        this.n = n;
        c = triangle(n);
        a = triangle(n);
        spare = triangle(n);
        for (int i = 0; i < n; i++) {
            c[i][i] = 1;
            a[i][i] = 1;
        }
    }

    @Override
    public void update(double decay, double[] weights, double[][] vectors) {
        eachRow(0, i -> {
            double[] row = c[i];
            for (int j = 0; j <= i; j++) {
                row[j] *= decay;
            }
            addMultiples(row, 0, i + 1, weights, vectors, vectors.length, i);
        });
    }

    @Override
    public boolean factor() {
        double[][] l = spare;
        for (int i = 0; i < n; i++) {
            System.arraycopy(c[i], 0, l[i], 0, i + 1);
        }
        for (int first = 0; first < n; first += PANEL) {
            int from = first;
            int next = Math.min(n, from + PANEL);
            // The panel's columns, each as a contiguous vector over the rows below.
            double[][] columns = new double[next - from][n];
            for (int i = from; i < n; i++) {
                for (int k = 0; k < columns.length && from + k <= i; k++) {
                    columns[k][i] = l[i][from + k];
                }
            }
            if (!factorPanel(columns, from)) {
                return false;
            }
            for (int i = from; i < n; i++) {
                for (int k = 0; k < columns.length && from + k <= i; k++) {
                    l[i][from + k] = columns[k][i];
                }
            }
            eachRow(next, i -> addMultiples(l[i], next, i + 1, MINUS_ONE, columns, columns.length, i));
        }
        spare = a;
        a = l;
        return true;
    }

    /** Cholesky's columns from..., each first less its share of those before it in the panel. */
    private static boolean factorPanel(double[][] columns, int from) {
        int n = columns[0].length;
        for (int k = 0; k < columns.length; k++) {
            double[] column = columns[k];
            addMultiples(column, from + k, n, MINUS_ONE, columns, k, from + k);
            double pivot = column[from + k];
            if (!(pivot > 0) || pivot == Double.POSITIVE_INFINITY) {
                return false;
            }
            double scale = 1 / Math.sqrt(pivot);
            for (int i = from + k; i < n; i++) {
                column[i] *= scale;
            }
        }
        return true;
    }

    @Override
    public double[][] transform(double[][] z) {
        double[][] y = new double[n][z[0].length];
        eachRow(0, i -> {
            double[] row = y[i];
            double[] factors = a[i];
            int k = 0;
            for (; k + 4 <= i + 1; k += 4) {
                addFour(row, 0, row.length, factors[k], z[k], factors[k + 1], z[k + 1], factors[k + 2], z[k + 2], factors[k + 3], z[k + 3]);
            }
            for (; k <= i; k++) {
                add(row, 0, row.length, factors[k], z[k]);
            }
        });
        return y;
    }

    @Override
    public void lift(double value) {
        for (int i = 0; i < n; i++) {
            c[i][i] += value;
        }
    }

    @Override
    public double[] variances() {
        return IntStream.range(0, n).mapToDouble(i -> c[i][i]).toArray();
    }

    /** row[from..to) += sum over k of weights[k] vectors[k][at] vectors[k][from..to), for k below count. */
    private static void addMultiples(double[] row, int from, int to, double[] weights, double[][] vectors, int count, int at) {
        int k = 0;
        for (; k + 4 <= count; k += 4) {
            addFour(row, from, to,
                    weights[k] * vectors[k][at], vectors[k], weights[k + 1] * vectors[k + 1][at], vectors[k + 1],
                    weights[k + 2] * vectors[k + 2][at], vectors[k + 2], weights[k + 3] * vectors[k + 3][at], vectors[k + 3]);
        }
        for (; k < count; k++) {
            add(row, from, to, weights[k] * vectors[k][at], vectors[k]);
        }
    }

    private static void addFour(double[] row, int from, int to,
            double f0, double[] v0, double f1, double[] v1, double f2, double[] v2, double f3, double[] v3) {
        for (int j = from; j < to; j++) {
            row[j] += f0 * v0[j] + f1 * v1[j] + f2 * v2[j] + f3 * v3[j];
        }
    }

    private static void add(double[] row, int from, int to, double factor, double[] vector) {
        for (int j = from; j < to; j++) {
            row[j] += factor * vector[j];
        }
    }

    private void eachRow(int from, IntConsumer work) {
        if (n - from < PARALLEL_FROM) {
            for (int i = from; i < n; i++) {
                work.accept(i);
            }
            return;
        }
        int tasks = (n - from + ROWS_PER_TASK - 1) / ROWS_PER_TASK;
        IntStream.range(0, tasks).parallel().forEach(task -> {
            int end = Math.min(n, from + (task + 1) * ROWS_PER_TASK);
            for (int i = from + task * ROWS_PER_TASK; i < end; i++) {
                work.accept(i);
            }
        });
    }

    @Override
    public void save(Checkpoint.Draft draft) {
        draft.put("training.C", joined(c)).put("training.A", joined(a));
    }

    @Override
    public void restore(Checkpoint found) {
        split(found.doubles("training.C"), c);
        split(found.doubles("training.A"), a);
    }

    /** The rows one after the other (n (n + 1) / 2). */
    private static double[] joined(double[][] triangle) {
        return Arrays.stream(triangle).flatMapToDouble(Arrays::stream).toArray();
    }

    private static void split(double[] rows, double[][] triangle) {
        int from = 0;
        for (double[] row : triangle) {
            System.arraycopy(rows, from, row, 0, row.length);
            from += row.length;
        }
    }

    private static double[][] triangle(int n) {
        double[][] rows = new double[n][];
        for (int i = 0; i < n; i++) {
            rows[i] = new double[i + 1];
        }
        return rows;
    }
}
