package worldmodels.evolution;

/**
 * What CMA-ES derives from dimension and population alone: N. Hansen, "The CMA Evolution Strategy: A Tutorial" (arXiv:1604.00772), table 1,
 * with pycma's values where the two differ (c_s, c_1, c_mu), so that the numbers of evaluations compare; a diagonal C learns faster.
 *
 * @param weights recombination weights, best first; the positive ones sum to 1, the negative ones (active update) keep C positive definite
 * @param mu      how many weights are positive
 * @param muEff   variance-effective selection mass, 1 / sum of the squared positive weights
 * @param cc      decay of the evolution path p_c
 * @param cs      decay of the step-size path p_s
 * @param c1      learning rate of the rank-one update
 * @param cmu     learning rate of the rank-mu update
 * @param damps   damping of the step size
 * @param chiN    expected length of an N(0, I) vector
 */
record StrategyParameters(double[] weights, int mu, double muEff, double cc, double cs, double c1, double cmu, double damps, double chiN) {

    static StrategyParameters of(int n, int population, CmaEs.Shape shape) {
        double[] weights = new double[population];
        for (int i = 0; i < population; i++) {
            weights[i] = StrictMath.log((population + 1) / 2.0) - StrictMath.log(i + 1);
        }
        int mu = 0;
        while (weights[mu] > 0) {
            mu++;
        }
        double muEff = selectionMass(weights, 0, mu);
        double muEffMinus = selectionMass(weights, mu, population);
        double c1 = Math.min(1, population / 6.0) * 2 / ((n + 1.3) * (n + 1.3) + muEff);
        double cmu = Math.min(1 - c1, 2 * (0.25 + muEff - 2 + 1 / muEff) / ((n + 2.0) * (n + 2) + muEff));
        if (shape == CmaEs.Shape.DIAGONAL) {
            // Ros and Hansen 2008: n numbers are learned from as many candidates as n (n + 1) / 2 would need three times n + 2 of.
            double faster = (n + 2) / 3.0;
            c1 = Math.min(1, faster * c1);
            cmu = Math.min(1 - c1, faster * cmu);
        }
        scale(weights, 0, mu, 1);
        // Negative weights: no decay of C in total; no more than their selection mass warrants; never below positive definite.
        double negative = Math.min(1 + c1 / cmu, Math.min((1 - c1 - cmu) / cmu / n, 1 + 2 * muEffMinus / (muEff + 2)));
        scale(weights, mu, population, -negative);
        double cs = Math.min(0.5, (muEff + 2) / (n + muEff + 3));
        return new StrategyParameters(weights, mu, muEff,
                (4 + muEff / n) / (n + 4 + 2 * muEff / n), cs, c1, cmu,
                1 + cs + 2 * Math.max(0, Math.sqrt((muEff - 1) / (n + 1)) - 1),
                Math.sqrt(n) * (1 - 1 / (4.0 * n) + 1 / (21.0 * n * n)));
    }

    /** Generations that C may change before it is factored again: the change in between is below a tenth of what matters. */
    double factorInterval(int n) {
        return 1 / ((c1 + cmu) * n * 10);
    }

    private static double selectionMass(double[] weights, int from, int to) {
        double sum = 0;
        double squares = 0;
        for (int i = from; i < to; i++) {
            sum += Math.abs(weights[i]);
            squares += weights[i] * weights[i];
        }
        return squares == 0 ? 0 : sum * sum / squares;
    }

    private static void scale(double[] weights, int from, int to, double total) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += weights[i];
        }
        for (int i = from; i < to && sum != 0; i++) {
            weights[i] *= total / sum;
        }
    }
}
