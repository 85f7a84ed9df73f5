package worldmodels.evolution;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import worldmodels.nn.Checkpoint;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

/**
 * CMA-ES: covariance matrix adaptation with weighted recombination, rank-one and rank-mu update, negative weights and cumulative
 * step-size control (N. Hansen, "The CMA Evolution Strategy: A Tutorial", arXiv:1604.00772, figure 6, whose equation numbers are given; defaults as
 * in pycma). It <em>minimises</em>; whoever maximises a return tells its negative.
 *
 * <pre>
 *   x_k = m + sigma y_k,  y_k = A z_k,  z_k ~ N(0, I),  A A^T = C                     ask    (38) to (40)
 *   &lt;y&gt; = sum_{i &lt;= mu} w_i y_i,  y sorted by fitness                                 tell   (41)
 *   m   += sigma &lt;y&gt;                                                                         (42)
 *   p_s  = (1 - c_s) p_s + sqrt(c_s (2 - c_s) mu_eff) &lt;z&gt;                                    (43)
 *   p_c  = (1 - c_c) p_c + h_s sqrt(c_c (2 - c_c) mu_eff) &lt;y&gt;                                (45)
 *   C    = (1 + c_1 d(h_s) - c_1 - c_mu sum w) C + c_1 p_c p_c^T + c_mu sum w_i y_i y_i^T    (46), (47)
 *   sigma *= exp(c_s / d_s (|p_s| / E|N(0, I)| - 1))                                         (44)
 * </pre>
 *
 * From 300 dimensions on, pycma 4 takes two-point step-size adaptation by default; here it is cumulative for all n, as in the tutorial.
 *
 * <p>The factor A is brought up to date with C only now and then, as pycma does ({@link StrategyParameters#factorInterval}).
 * Unbounded; deterministic per seed, bit for bit, on every machine. Not safe for use by several threads at once; it uses all cores itself.
 */
public final class CmaEs {

    /** How the z of a generation are drawn. */
    public enum Sampling {

        /** Each by itself, as in the tutorial. */
        INDEPENDENT,

        /**
         * In pairs z, -z (D. Brockhoff, A. Auger, N. Hansen, D. V. Arnold, T. Hohm, "Mirrored Sampling and Sequential Selection for Evolution Strategies",
         * PPSN 2010): the candidates' mean is the distribution's, so that luck in the sampling does not move it. Authors of evolution strategies for
         * controllers call it antithetic. Of an odd population the last candidate is alone.
         */
        MIRRORED
    }

    /** Which part of C is adapted. */
    public enum Shape {

        /** All of it, as in the tutorial: n (n + 1) / 2 numbers, which takes some n^2 candidates to learn. */
        FULL,

        /**
         * Its diagonal: n numbers, learned faster by a factor of (n + 2) / 3 (R. Ros, N. Hansen, "A Simple Modification in CMA-ES Achieving Linear Time and
         * Space Complexity", PPSN 2008): for as few generations as cannot learn the matrix, where the coordinates differ in scale.
         */
        DIAGONAL
    }

    private final int n;
    private final int population;
    private final Sampling sampling;
    private final Shape shape;
    private final StrategyParameters is;
    private final double[] mean;
    private double sigma;
    private final double[] pathC;
    private final double[] pathS;
    private final Covariance covariance;
    private int generation;
    private int factoredAt;
    private Pcg64 random;

    private double[] best;
    private double bestFitness = Double.POSITIVE_INFINITY;
    private final SearchWatch watch = new SearchWatch();

    // The generation that was asked and not yet told.
    private byte[] randomBeforeAsk;
    private double[][] z;
    private double[][] y;

    /**
     * @param start      the first mean, kept as a copy
     * @param sigma      the first step size: about a third of the distance in which the optimum is expected
     * @param population candidates per generation, at least 3; {@link #defaultPopulation} is the least that is advisable
     * @param seed       of the samples, 0 or greater
     * @param sampling   of a generation
     * @param shape      of the covariance matrix
     * @throws KitException if the start is empty or not finite, the step size is not positive and finite, or the population below 3
     */
    public CmaEs(double[] start, double sigma, int population, long seed, Sampling sampling, Shape shape) {
        this(start.length, population, sampling, shape);
        if (n == 0 || Arrays.stream(start).anyMatch(v -> !Double.isFinite(v))) {
            throw new KitException("CMA-ES needs a start of at least one number, all finite; give the vector to begin from, here zeros.");
        }
        if (!(sigma > 0) || Double.isInfinite(sigma)) {
            throw new KitException("CMA-ES needs a positive step size, not " + sigma + "; the authors' is 0.1.");
        }
        System.arraycopy(start, 0, mean, 0, n);
        this.sigma = sigma;
        random = Pcg64.seeded(seed);
        if (population < defaultPopulation(n)) {
            watch.warn("A population of " + population + " is small for " + n + " parameters; below 4 + 3 ln n = " + defaultPopulation(n)
                    + " the search often stalls at a poor value, so raise it or average more episodes.");
        }
    }

    /** {@linkplain #CmaEs(double[], double, int, long, Sampling, Shape) As in the tutorial}: independent samples, the full matrix. */
    public CmaEs(double[] start, double sigma, int population, long seed) {
        this(start, sigma, population, seed, Sampling.INDEPENDENT, Shape.FULL);
    }

    private CmaEs(int n, int population, Sampling sampling, Shape shape) {
        if (population < 3) {
            throw new KitException("CMA-ES needs a population of at least 3, not " + population + "; " + defaultPopulation(n)
                    + " is usual here.");
        }
        this.n = n;
        this.population = population;
        this.sampling = sampling;
        this.shape = shape;
        is = n == 0 ? null : StrategyParameters.of(n, population, shape);
        mean = new double[n];
        pathC = new double[n];
        pathS = new double[n];
        covariance = Covariance.identity(n, shape);
    }

    /** 4 + floor(3 ln n), the tutorial's default. */
    public static int defaultPopulation(int n) {
        return 4 + (int) (3 * StrictMath.log(Math.max(1, n)));
    }

    /**
     * Samples a generation. Asking again before telling gives the same candidates.
     *
     * @return (population, n), new arrays
     */
    public double[][] ask() {
        if (y == null) {
            if (generation >= factoredAt + is.factorInterval(n)) {
                factor();
            }
            randomBeforeAsk = random.state();
            z = new double[n][population];
            for (int k = 0; k < population; k++) {
                boolean isMirrored = sampling == Sampling.MIRRORED && k % 2 == 1;
                for (int i = 0; i < n; i++) {
                    z[i][k] = isMirrored ? -z[i][k - 1] : random.standardNormal();
                }
            }
            y = covariance.transform(z);
        }
        double[][] candidates = new double[population][n];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < population; k++) {
                candidates[k][i] = mean[i] + sigma * y[i][k];
            }
        }
        return candidates;
    }

    /**
     * Learns from a generation.
     *
     * @param fitness one value per candidate of the last {@link #ask}, in its order; smaller is better. A value that is not finite is
     *                ranked last and reported by {@link #warnings}.
     * @throws KitException if nothing was asked, the number of values differs from the population, or none is finite; nothing has
     *                      changed then
     */
    public void tell(double[] fitness) {
        if (y == null) {
            throw new KitException("CMA-ES was told a fitness that nobody asked for; call ask() first.");
        }
        if (fitness.length != population) {
            throw new KitException("CMA-ES was told " + fitness.length + " values for " + population + " candidates; give one for each.");
        }
        int[] order = rank(fitness);
        Ranked ranked = select(order);
        keepBest(fitness[order[0]], ranked.y[0]);
        generation++;
        moveMean(ranked.stepY);
        double lengthS = accumulateStepSizePath(ranked.stepZ);
        boolean steady = isSteady(lengthS);
        accumulateCovariancePath(ranked.stepY, steady);
        adaptCovariance(ranked, steady);
        adaptStepSize(lengthS);
        watch.see(generation, Arrays.stream(order).mapToDouble(k -> fitness[k]).toArray());
        y = null;
        z = null;
        randomBeforeAsk = null;
    }

    /**
     * A generation in the order of its fitness, the best first.
     *
     * @param y       (population, n), and room for one more
     * @param lengths |z_i|, the Mahalanobis lengths of the y_i (population)
     * @param stepY   the weighted mean of the mu best y_i (n)
     * @param stepZ   of their z_i, A^-1 stepY (n)
     */
    private record Ranked(double[][] y, double[] lengths, double[] stepY, double[] stepZ) {}

    /** (41): the best come first and are averaged. */
    private Ranked select(int[] order) {
        double[] w = is.weights();
        Ranked ranked = new Ranked(new double[population + 1][n], new double[population], new double[n], new double[n]);
        for (int i = 0; i < n; i++) {
            for (int rank = 0; rank < population; rank++) {
                double yi = y[i][order[rank]];
                double zi = z[i][order[rank]];
                ranked.y[rank][i] = yi;
                ranked.lengths[rank] += zi * zi;
                if (rank < is.mu()) {
                    ranked.stepY[i] += w[rank] * yi;
                    ranked.stepZ[i] += w[rank] * zi;
                }
            }
        }
        for (int rank = 0; rank < population; rank++) {
            ranked.lengths[rank] = Math.sqrt(ranked.lengths[rank]);
        }
        return ranked;
    }

    private void keepBest(double fitness, double[] y) {
        if (fitness < bestFitness) {
            bestFitness = fitness;
            best = new double[n];
            for (int i = 0; i < n; i++) {
                best[i] = mean[i] + sigma * y[i];
            }
        }
    }

    /** (42), with a learning rate of 1. */
    private void moveMean(double[] stepY) {
        for (int i = 0; i < n; i++) {
            mean[i] += sigma * stepY[i];
        }
    }

    /**
     * (43), where the triangular A^-1 stands for the symmetric C^-1/2 ({@link FullCovariance}).
     *
     * @return |p_s|
     */
    private double accumulateStepSizePath(double[] stepZ) {
        double cs = is.cs();
        for (int i = 0; i < n; i++) {
            pathS[i] = (1 - cs) * pathS[i] + Math.sqrt(cs * (2 - cs) * is.muEff()) * stepZ[i];
        }
        return Math.sqrt(Arrays.stream(pathS).map(value -> value * value).sum());
    }

    /** h_s: a long p_s means that sigma is still growing; p_c waits, lest C grow in its place. */
    private boolean isSteady(double lengthS) {
        return lengthS * lengthS / (1 - StrictMath.pow(1 - is.cs(), 2.0 * generation)) / n < 2 + 4.0 / (n + 1);
    }

    /** (45): where the mean has been going. */
    private void accumulateCovariancePath(double[] stepY, boolean steady) {
        double cc = is.cc();
        for (int i = 0; i < n; i++) {
            pathC[i] = (1 - cc) * pathC[i] + (steady ? Math.sqrt(cc * (2 - cc) * is.muEff()) * stepY[i] : 0);
        }
    }

    /** (46) and (47): rank one by p_c, rank mu by the y_i, the worst with negative weights. */
    private void adaptCovariance(Ranked ranked, boolean steady) {
        double[] rates = new double[population + 1];
        double decay = 1 - is.c1() * (steady ? 1 : 1 - is.cc() * (2 - is.cc()));
        for (int rank = 0; rank < population; rank++) {
            rates[rank] = is.cmu() * is.weights()[rank];
            decay -= rates[rank];
            if (is.weights()[rank] < 0) {
                // A step that C would call long must not make C indefinite: its Mahalanobis length counts as sqrt(n).
                double length = ranked.lengths[rank] + 1e-9;
                rates[rank] *= n / (length * length);
            }
        }
        rates[population] = is.c1();
        ranked.y[population] = pathC;
        covariance.update(decay, rates, ranked.y);
    }

    /** (44): longer steps where the path is longer than a random one, shorter where it is shorter; by e at most. */
    private void adaptStepSize(double lengthS) {
        sigma *= StrictMath.exp(Math.max(-1, Math.min(1, is.cs() / is.damps() * (lengthS / is.chiN() - 1))));
    }

    private int[] rank(double[] fitness) {
        long broken = Arrays.stream(fitness).filter(f -> !Double.isFinite(f)).count();
        if (broken == population) {
            throw new KitException("All " + population + " candidates of generation " + (generation + 1)
                    + " have a fitness that is not finite, so there is nothing to learn from; look for NaN in the models or rewards.");
        }
        if (broken > 0) {
            watch.warn("Generation " + (generation + 1) + ": " + broken + " of " + population
                    + " candidates have a fitness that is not finite; they are ranked last.");
        }
        return IntStream.range(0, population).boxed()
                .sorted(Comparator.comparingDouble((Integer k) -> Double.isFinite(fitness[k]) ? fitness[k] : Double.POSITIVE_INFINITY))
                .mapToInt(Integer::intValue).toArray();
    }

    private void factor() {
        if (!covariance.factor()) {
            // Rounding, at condition numbers near 1e15: as little on the diagonal as makes C positive definite again.
            double lift = 1e-14 * Arrays.stream(covariance.variances()).average().orElseThrow();
            watch.warn("Generation " + generation + ": the covariance matrix is no longer positive definite in double precision; "
                    + "its diagonal was raised. Rescale the parameters if this goes on.");
            do {
                covariance.lift(lift);
                lift *= 10;
                if (!Double.isFinite(lift)) {
                    throw new KitException("The covariance matrix of generation " + generation
                            + " is not finite; start the search again with a smaller sigma.");
                }
            } while (!covariance.factor());
        }
        factoredAt = generation;
    }

    /** The mean of the distribution, (n), a copy: the candidate to publish. */
    public double[] mean() {
        return mean.clone();
    }

    public double sigma() {
        return sigma;
    }

    /** How candidates spread round the mean: they are {@code mean + axes z} with z ~ N(0, I), as the last {@link #ask} had it; (n, n), lower triangular. */
    public double[][] axes() {
        double[][] unit = new double[n][n];
        for (int i = 0; i < n; i++) {
            unit[i][i] = 1;
        }
        return Arrays.stream(covariance.transform(unit)).map(row -> Arrays.stream(row).map(a -> sigma * a).toArray()).toArray(double[][]::new);
    }

    /** How many generations have been told. */
    public int generation() {
        return generation;
    }

    /** n. */
    public int dimension() {
        return n;
    }

    /** The candidate with the least fitness told so far, a copy; under noise, a lucky one. Null before the first generation. */
    public double[] best() {
        return best == null ? null : best.clone();
    }

    /** The least fitness told so far; infinite before the first generation. */
    public double bestFitness() {
        return bestFitness;
    }

    /** For tests of the update. */
    Covariance covariance() {
        return covariance;
    }

    /** What the user should know: small population, fitness that is not finite, plateaus, numerical limits; the oldest first. */
    public List<String> warnings() {
        return watch.warnings();
    }

    /** Puts all that the generations to come depend on; between ask and tell, the state before the ask: asking gives the same. */
    public void save(Checkpoint.Draft draft) {
        draft.text("population", String.valueOf(population)).text("sampling", sampling.name()).text("shape", shape.name()).text("generation", String.valueOf(generation))
                .text("generation of the factor", String.valueOf(factoredAt))
                .put("training.random", randomBeforeAsk != null ? randomBeforeAsk : random.state())
                .put("training.sigma", sigma).put("training.mean", mean).put("training.path of C", pathC).put("training.path of sigma", pathS)
                .put("training.best", best == null ? new double[n] : best).put("training.best fitness", bestFitness);
        covariance.save(draft);
        watch.save(draft);
    }

    /**
     * Continues bit for bit where {@link #save} was called.
     *
     * @throws KitException if the checkpoint holds no search
     */
    public static CmaEs restore(Checkpoint found) {
        double[] mean = found.doubles("training.mean");
        CmaEs es = new CmaEs(mean.length, (int) found.number("population"),
                Sampling.valueOf(found.text().getOrDefault("sampling", Sampling.INDEPENDENT.name())),
                Shape.valueOf(found.text().getOrDefault("shape", Shape.FULL.name())));
        es.generation = (int) found.number("generation");
        es.factoredAt = (int) found.number("generation of the factor");
        es.random = Pcg64.fromState(found.bytes("training.random"));
        es.sigma = found.doubles("training.sigma")[0];
        es.bestFitness = found.doubles("training.best fitness")[0];
        es.best = es.bestFitness == Double.POSITIVE_INFINITY ? null : found.doubles("training.best");
        System.arraycopy(mean, 0, es.mean, 0, es.n);
        System.arraycopy(found.doubles("training.path of C"), 0, es.pathC, 0, es.n);
        System.arraycopy(found.doubles("training.path of sigma"), 0, es.pathS, 0, es.n);
        es.covariance.restore(found);
        es.watch.restore(found);
        return es;
    }
}
