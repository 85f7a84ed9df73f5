package worldmodels.evolution;

import worldmodels.nn.Checkpoint;

/** A covariance matrix C and a triangular factor A of it, C = A A^T, both the identity at first: what CMA-ES samples with and adapts. */
sealed interface Covariance permits FullCovariance, DiagonalCovariance {

    static Covariance identity(int n, CmaEs.Shape shape) {
        return switch (shape) {
            case FULL -> new FullCovariance(n);
            case DIAGONAL -> new DiagonalCovariance(n);
        };
    }

    /**
     * C = decay C + sum over k of weights[k] v_k v_k^T.
     *
     * @param vectors (k, n)
     */
    void update(double decay, double[] weights, double[][] vectors);

    /**
     * Brings A up to date with C.
     *
     * @return whether C is positive definite; if not, A is as it was
     */
    boolean factor();

    /**
     * Y = A Z.
     *
     * @param z (n, samples)
     * @return (n, samples)
     */
    double[][] transform(double[][] z);

    /** Adds a constant to C's diagonal. */
    void lift(double value);

    /** C's diagonal (n), a copy. */
    double[] variances();

    void save(Checkpoint.Draft draft);

    void restore(Checkpoint found);
}
