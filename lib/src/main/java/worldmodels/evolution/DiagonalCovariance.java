package worldmodels.evolution;

import java.util.Arrays;
import worldmodels.nn.Checkpoint;

/** A covariance matrix of which the diagonal alone is kept: every coordinate has its own step size, and none knows of another. */
final class DiagonalCovariance implements Covariance {

    private final double[] c;
    private final double[] a;

    /** The identity. */
    DiagonalCovariance(int n) {
        c = new double[n];
        a = new double[n];
        Arrays.fill(c, 1);
        Arrays.fill(a, 1);
    }

    @Override
    public void update(double decay, double[] weights, double[][] vectors) {
        for (int i = 0; i < c.length; i++) {
            c[i] *= decay;
        }
        for (int k = 0; k < vectors.length; k++) {
            for (int i = 0; i < c.length; i++) {
                c[i] += weights[k] * vectors[k][i] * vectors[k][i];
            }
        }
    }

    @Override
    public boolean factor() {
        if (!Arrays.stream(c).allMatch(variance -> variance > 0 && variance < Double.POSITIVE_INFINITY)) {
            return false;
        }
        Arrays.setAll(a, i -> Math.sqrt(c[i]));
        return true;
    }

    @Override
    public double[][] transform(double[][] z) {
        double[][] y = new double[c.length][];
        Arrays.setAll(y, i -> Arrays.stream(z[i]).map(value -> a[i] * value).toArray());
        return y;
    }

    @Override
    public void lift(double value) {
        Arrays.setAll(c, i -> c[i] + value);
    }

    @Override
    public double[] variances() {
        return c.clone();
    }

    @Override
    public void save(Checkpoint.Draft draft) {
        draft.put("training.C", c).put("training.A", a);
    }

    @Override
    public void restore(Checkpoint found) {
        System.arraycopy(found.doubles("training.C"), 0, c, 0, c.length);
        System.arraycopy(found.doubles("training.A"), 0, a, 0, a.length);
    }
}
