package worldmodels.rl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import worldmodels.nn.BetaOps;
import worldmodels.nn.Normal;
import worldmodels.nn.TorchOps;
import worldmodels.random.Pcg64;

/**
 * What a policy draws actions from: two outputs of the network for each number of an action. What is drawn, x, is remembered and judged; what is done is x
 * brought into [-1, 1], which {@link worldmodels.env.ActionScale} stretches over the action's bounds.
 *
 * <p>The temperature τ is that of {@link PpoSettings}: density π^(1/τ), made to integrate to 1 again. That keeps both kinds what they are, with σ √τ, and with
 * 1 + (α - 1) / τ and 1 + (β - 1) / τ.
 */
sealed interface ActionDistribution {

    /** Distributions by their names. */
    static ActionDistribution of(PpoSettings settings) {
        return switch (settings.policy()) {
            case GAUSSIAN_CLIPPED -> new Gaussian(false, settings.logDeviation(), settings.temperature());
            case GAUSSIAN_TANH -> new Gaussian(true, settings.logDeviation(), settings.temperature());
            case BETA -> new Beta(settings.temperature());
        };
    }

    /** ln π(x), summed over the numbers of an action; (rows). @param output (rows, 2 * actions) @param x (rows, actions) */
    NDArray logDensity(NDArray output, NDArray x);

    /** In nats, summed likewise; (rows). */
    NDArray entropy(NDArray output);

    /** Draws x. @param output (2 * actions) @param x receives (actions) */
    void draw(float[] output, Pcg64 random, float[] x);

    /** The mean of x: how the policy acts without chance. */
    void mean(float[] output, float[] x);

    /** What is done for a number of x, in [-1, 1]. */
    double toUnit(float x);

    /**
     * N(μ, σ²), the outputs being μ and ln σ less its first value. Clipped, what lies beyond the bounds is done as the bound; with tanh it is squashed. Both are
     * judged by x itself: clipping is the environment's (detail 14 of {@link Ppo}), and tanh's slope is the same in both probabilities of a ratio. So the entropy is x's
     * too.
     */
    record Gaussian(boolean squashed, double logDeviation, double temperature) implements ActionDistribution {

        /** Bounds of ln σ, so that neither is chance lost nor the action all chance. */
        private static final double LEAST = -5;
        private static final double MOST = 1;
        private static final double ENTROPY = 0.5 * (1 + Math.log(2 * Math.PI));

        private NDArray logDeviations(NDArray output) {
            NDArray wanted = output.add((float) logDeviation);
            return TorchOps.within(wanted, LEAST, MOST).add((float) (0.5 * Math.log(temperature)));
        }

        @Override
        public NDArray logDensity(NDArray output, NDArray x) {
            NDList halves = output.split(2, 1);
            return Normal.of(halves.get(0), logDeviations(halves.get(1)).exp()).logDensity(x);
        }

        @Override
        public NDArray entropy(NDArray output) {
            return logDeviations(output.split(2, 1).get(1)).add((float) ENTROPY).sum(new int[] {1});
        }

        @Override
        public void draw(float[] output, Pcg64 random, float[] x) {
            for (int i = 0; i < x.length; i++) {
                double logged = Math.clamp(output[x.length + i] + logDeviation, LEAST, MOST);
                x[i] = (float) (output[i] + StrictMath.exp(logged) * Math.sqrt(temperature) * random.standardNormal());
            }
        }

        @Override
        public void mean(float[] output, float[] x) {
            System.arraycopy(output, 0, x, 0, x.length);
        }

        @Override
        public double toUnit(float x) {
            return squashed ? StrictMath.tanh(x) : Math.clamp(x, -1, 1);
        }
    }

    /**
     * Beta(α, β) on (0, 1) with α = 1 + softplus of the first outputs and β likewise of the second (Chou et al. 2017): one hill, and nothing beyond the bounds.
     */
    record Beta(double temperature) implements ActionDistribution {

        /** So far from 0 and 1 is what is drawn, where logarithms are finite in 32 bits. */
        private static final float EDGE = 1e-6f;

        private NDArray parameter(NDArray output) {
            return TorchOps.times(Activation.softPlus(output), 1 / temperature).add(1);
        }

        private double parameter(double output) {
            return 1 + (Math.max(output, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(output)))) / temperature;
        }

        @Override
        public NDArray logDensity(NDArray output, NDArray x) {
            NDList halves = output.split(2, 1);
            return BetaOps.logDensity(x, parameter(halves.get(0)), parameter(halves.get(1))).sum(new int[] {1});
        }

        @Override
        public NDArray entropy(NDArray output) {
            NDList halves = output.split(2, 1);
            return BetaOps.entropy(parameter(halves.get(0)), parameter(halves.get(1))).sum(new int[] {1});
        }

        @Override
        public void draw(float[] output, Pcg64 random, float[] x) {
            for (int i = 0; i < x.length; i++) {
                double a = gamma(parameter(output[i]), random);
                double b = gamma(parameter(output[x.length + i]), random);
                x[i] = Math.clamp((float) (a / (a + b)), EDGE, 1 - EDGE);
            }
        }

        /** A Gamma(shape, 1) number for a shape of at least 1 (Marsaglia and Tsang 2000). */
        private static double gamma(double shape, Pcg64 random) {
            double d = shape - 1.0 / 3;
            double c = 1 / Math.sqrt(9 * d);
            while (true) {
                double normal = random.standardNormal();
                double root = 1 + c * normal;
                double v = root * root * root;
                if (v > 0 && StrictMath.log(1 - random.nextDouble()) < 0.5 * normal * normal + d - d * v + d * StrictMath.log(v)) {
                    return d * v;
                }
            }
        }

        @Override
        public void mean(float[] output, float[] x) {
            for (int i = 0; i < x.length; i++) {
                double a = parameter(output[i]);
                x[i] = (float) (a / (a + parameter(output[x.length + i])));
            }
        }

        @Override
        public double toUnit(float x) {
            return 2.0 * x - 1;
        }
    }
}
