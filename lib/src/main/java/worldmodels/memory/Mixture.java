package worldmodels.memory;

import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

/**
 * What M believes about the next latent vector: for every row of a batch and every dimension an independent mixture of Gaussians,
 *
 * <pre>p(z) = Σₖ πₖ N(z; μₖ, σₖ),   π = softmax(logits)</pre>
 *
 * <p>A temperature τ makes the prediction bolder or safer as the authors' code does: logits / τ, and noise times √τ.
 *
 * @param batch      rows
 * @param components K, mixtures per dimension
 * @param dimensions Z, latent dimensions
 * @param logits     unnormalised log weights, (batch, K, Z) row-major; so are the next two
 * @param mean       μ
 * @param logSigma   log σ
 */
public record Mixture(int batch, int components, int dimensions, float[] logits, float[] mean, float[] logSigma) {

    private static final double LOG_SQRT_2_PI = 0.5 * Math.log(2 * Math.PI);

    public Mixture {
        int values = batch * components * dimensions;
        if (logits.length != values || mean.length != values || logSigma.length != values) {
            throw new KitException("A mixture of shape (" + batch + ", " + components + ", " + dimensions + ") needs " + values
                    + " logits, means and log sigmas, not " + logits.length + ", " + mean.length + " and " + logSigma.length + ".");
        }
    }

    /** @return π of one row and dimension at a temperature, (K) */
    public double[] weights(int row, int dimension, double temperature) {
        double[] weights = new double[components];
        double largest = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < components; k++) {
            weights[k] = logits[at(row, k, dimension)] / temperature;
            largest = Math.max(largest, weights[k]);
        }
        double sum = 0;
        for (int k = 0; k < components; k++) {
            weights[k] = Math.exp(weights[k] - largest);
            sum += weights[k];
        }
        for (int k = 0; k < components; k++) {
            weights[k] /= sum;
        }
        return weights;
    }

    /** @return log p(z) of one row and dimension at temperature 1, in nats */
    public double logDensity(int row, int dimension, double z) {
        int at = at(row, 0, dimension);
        return logDensity(logits, at, mean, at, logSigma, at, dimensions, components, z);
    }

    /** log p(z) of one coordinate; component k lies {@code k stride} after the first. Strict, so that every machine finds the same. */
    static double logDensity(float[] logits, int logit, float[] mean, int mu, float[] logSigma, int sigma, int stride, int components, double z) {
        double joint = Double.NEGATIVE_INFINITY;
        double all = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < components; k++) {
            double log = Math.clamp(logSigma[sigma + k * stride], -MdnRnn.LOG_SIGMA_BOUND, MdnRnn.LOG_SIGMA_BOUND);
            double e = (z - mean[mu + k * stride]) * StrictMath.exp(-log);
            double weight = logits[logit + k * stride];
            joint = logSum(joint, weight - 0.5 * e * e - log - LOG_SQRT_2_PI);
            all = logSum(all, weight);
        }
        return joint - all;
    }

    /** log(eᵃ + eᵇ) */
    private static double logSum(double a, double b) {
        double larger = Math.max(a, b);
        return larger == Double.NEGATIVE_INFINITY ? larger : larger + StrictMath.log1p(StrictMath.exp(Math.min(a, b) - larger));
    }

    /**
     * @param z (batch, Z) row-major
     * @return the mean over rows and dimensions of -log p(z), in nats; 1.419 is the entropy of a standard normal: nothing learned. It may
     *         be negative, since a density may exceed 1
     */
    public double negativeLogLikelihood(float[] z) {
        if (z.length != batch * dimensions) {
            throw new KitException("The likelihood of " + z.length + " values was asked of a mixture over (" + batch + ", "
                    + dimensions + ").");
        }
        double total = 0;
        for (int row = 0; row < batch; row++) {
            for (int d = 0; d < dimensions; d++) {
                total -= logDensity(row, d, z[row * dimensions + d]);
            }
        }
        return total / z.length;
    }

    /** @return E[z] of one row and dimension at a temperature */
    public double expectation(int row, int dimension, double temperature) {
        double[] weights = weights(row, dimension, temperature);
        double sum = 0;
        for (int k = 0; k < components; k++) {
            sum += weights[k] * mean[at(row, k, dimension)];
        }
        return sum;
    }

    /** @return Var[z] of one row and dimension at a temperature: Σ π (τ σ² + μ²) - E[z]² */
    public double variance(int row, int dimension, double temperature) {
        double[] weights = weights(row, dimension, temperature);
        double centre = expectation(row, dimension, temperature);
        double sum = 0;
        for (int k = 0; k < components; k++) {
            int i = at(row, k, dimension);
            double off = mean[i] - centre;
            sum += weights[k] * (temperature * Math.exp(2.0 * logSigma[i]) + off * off);
        }
        return sum;
    }

    /**
     * Draws the next latent vector of one row.
     *
     * @param temperature τ above 0
     * @param random      the row's own stream, so that what one row draws does not depend on the others
     * @param z           receives Z values from {@code offset}
     */
    public void sample(int row, double temperature, Pcg64 random, float[] z, int offset) {
        if (!(temperature > 0)) {
            throw new KitException("The temperature must be above 0, not " + temperature + ".");
        }
        float[] weights = new float[components];
        for (int d = 0; d < dimensions; d++) {
            int at = at(row, 0, d);
            z[offset + d] = draw(logits, at, mean, at, logSigma, at, dimensions, weights, temperature, random);
        }
    }

    /**
     * Draws one coordinate; component k lies {@code k stride} after the first. Sums, products and {@link LstmCell#exp} alone, so that every machine draws
     * the same.
     *
     * @param weights scratch, one place for each component
     */
    static float draw(float[] logits, int logit, float[] mean, int mu, float[] logSigma, int sigma, int stride, float[] weights, double temperature,
            Pcg64 random) {
        float largest = logits[logit];
        for (int k = 1; k < weights.length; k++) {
            largest = Math.max(largest, logits[logit + k * stride]);
        }
        float bolder = (float) (1 / temperature);
        float sum = 0;
        for (int k = 0; k < weights.length; k++) {
            weights[k] = LstmCell.exp((logits[logit + k * stride] - largest) * bolder);
            sum += weights[k];
        }
        float u = (float) (random.nextDouble() * sum);
        int chosen = 0;
        for (float below = weights[0]; u >= below && chosen < weights.length - 1; below += weights[chosen]) {
            chosen++;
        }
        float log = Math.clamp(logSigma[sigma + chosen * stride], -MdnRnn.LOG_SIGMA_BOUND, MdnRnn.LOG_SIGMA_BOUND);
        return (float) (mean[mu + chosen * stride] + LstmCell.exp(log) * Math.sqrt(temperature) * random.standardNormal());
    }

    private int at(int row, int component, int dimension) {
        return (row * components + component) * dimensions + dimension;
    }
}
