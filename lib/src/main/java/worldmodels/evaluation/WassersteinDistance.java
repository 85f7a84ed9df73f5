package worldmodels.evaluation;

import java.util.Arrays;
import worldmodels.run.KitException;

/**
 * The Wasserstein-1 distance between as many points of two kinds, exactly: the mean length of the ways where each point of the one is brought to one of
 * the other, and the sum of all ways is the least there is (the assignment problem, solved by shortest augmenting paths: Jonker and Volgenant 1987).
 * With n points it takes n³ operations: 512 take a quarter of a second.
 */
public final class WassersteinDistance {

    private WassersteinDistance() {}

    /**
     * @param a points, (n, size), row by row
     * @param b as many
     */
    public static double between(float[] a, float[] b, int size) {
        if (a.length != b.length || a.length == 0 || a.length % size != 0) {
            throw new KitException("An exact Wasserstein distance needs as many points of both kinds, not " + a.length / (double) size + " and "
                    + b.length / (double) size + "; draw the same number.");
        }
        int n = a.length / size;
        double[][] cost = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double square = 0;
                for (int k = 0; k < size; k++) {
                    double d = (double) a[i * size + k] - b[j * size + k];
                    square += d * d;
                }
                cost[i][j] = Math.sqrt(square);
            }
        }
        int[] to = assignment(cost);
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += cost[i][to[i]];
        }
        return sum / n;
    }

    /**
     * The cheapest way to give each row a column of its own.
     *
     * @param cost (n, n)
     * @return by row, its column
     */
    static int[] assignment(double[][] cost) {
        int n = cost.length;
        double[] rowPrice = new double[n];
        double[] columnPrice = new double[n];
        int[] rowOf = new int[n];
        Arrays.fill(rowOf, -1);
        int[] before = new int[n];
        double[] shortest = new double[n];
        boolean[] done = new boolean[n];
        for (int start = 0; start < n; start++) {
            Arrays.fill(shortest, Double.POSITIVE_INFINITY);
            Arrays.fill(done, false);
            int row = start;
            int column = -1;
            double length = 0;
            // Dijkstra's algorithm over reduced costs, until a free column is reached.
            do {
                int next = -1;
                for (int j = 0; j < n; j++) {
                    if (!done[j]) {
                        double way = length + cost[row][j] - rowPrice[row] - columnPrice[j];
                        if (way < shortest[j]) {
                            shortest[j] = way;
                            before[j] = column;
                        }
                        if (next < 0 || shortest[j] < shortest[next]) {
                            next = j;
                        }
                    }
                }
                done[next] = true;
                column = next;
                length = shortest[next];
                row = rowOf[next];
            } while (row >= 0);
            rowPrice[start] += length;
            for (int j = 0; j < n; j++) {
                if (done[j] && j != column) {
                    columnPrice[j] += shortest[j] - length;
                    rowPrice[rowOf[j]] += length - shortest[j];
                }
            }
            while (column >= 0) {
                int previous = before[column];
                rowOf[column] = previous < 0 ? start : rowOf[previous];
                column = previous;
            }
        }
        int[] columnOf = new int[n];
        for (int j = 0; j < n; j++) {
            columnOf[rowOf[j]] = j;
        }
        return columnOf;
    }
}
