package worldmodels.evolution;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;

/**
 * CMA-ES: covariance matrix adaptation with weighted recombination, rank-one and rank-mu update, negative weights and cumulative
 * step-size control (N. Hansen, arXiv:1604.00772, section A; defaults as in pycma). It <em>minimises</em>; whoever maximises a return
 * tells its negative.
 *
 * <pre>
 *   x_k = m + sigma y_k,  y_k = A z_k,  z_k ~ N(0, I),  A A^T = C        ask
 *   m   += sigma sum_{i <= mu} w_i y_i                                   tell, y sorted by fitness
 *   p_s  = (1 - c_s) p_s + sqrt(c_s (2 - c_s) mu_eff) sum w_i z_i
 *   p_c  = (1 - c_c) p_c + h_s sqrt(c_c (2 - c_c) mu_eff) sum w_i y_i
 *   C    = (1 - c_1 - c_mu sum w) C + c_1 p_c p_c^T + c_mu sum w_i y_i y_i^T
 *   sigma *= exp(c_s / d_s (|p_s| / E|N(0, I)| - 1))
 * </pre>
 *
 * From 300 dimensions on, pycma 4 takes two-point step-size adaptation by default; here it is cumulative for all n, as in the tutorial.
 *
 * <p>The factor A is brought up to date with C only every so many generations, as pycma does ({@link StrategyParameters#factorInterval}).
 * Unbounded; deterministic per seed, bit for bit, on every machine. Not safe for use by several threads at once; it uses all cores itself.
 */
public final class CmaEs {

    private static final int FORMAT = 0x434D4131; // "CMA1"

    /** Generations that each half of the plateau's comparison spans. */
    private static final int PLATEAU_WINDOW = 20;

    private final int n;
    private final int population;
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
    private final double[] recent = new double[2 * PLATEAU_WINDOW];
    private int sinceWarning;
    private final List<String> warnings = new ArrayList<>();

    // The generation that was asked and not yet told.
    private byte[] randomBeforeAsk;
    private double[][] z;
    private double[][] y;

    /**
     * @param start      the first mean, kept as a copy
     * @param sigma      the first step size: about a third of the distance in which the optimum is expected
     * @param population candidates per generation, at least 3; {@link #defaultPopulation} is the least that is advisable
     * @param seed       of the samples, 0 or greater
     * @throws KitException if the start is empty or not finite, the step size is not positive and finite, or the population below 3
     */
    public CmaEs(double[] start, double sigma, int population, long seed) {
        this(start.length, population);
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
            warnings.add("A population of " + population + " is small for " + n + " parameters; below 4 + 3 ln n = " + defaultPopulation(n)
                    + " the search often stalls at a poor value, so raise it or average more episodes.");
        }
    }

    private CmaEs(int n, int population) {
        if (population < 3) {
            throw new KitException("CMA-ES needs a population of at least 3, not " + population + "; " + defaultPopulation(n)
                    + " is usual here.");
        }
        this.n = n;
        this.population = population;
        is = n == 0 ? null : StrategyParameters.of(n, population);
        mean = new double[n];
        pathC = new double[n];
        pathS = new double[n];
        covariance = new Covariance(n);
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
                for (int i = 0; i < n; i++) {
                    z[i][k] = random.standardNormal();
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
        int mu = is.mu();
        double[] w = is.weights();

        double[] stepY = new double[n];
        double[] stepZ = new double[n];
        double[] lengths = new double[population];
        double[][] vectors = new double[population + 1][n];
        for (int i = 0; i < n; i++) {
            for (int rank = 0; rank < population; rank++) {
                double yi = y[i][order[rank]];
                double zi = z[i][order[rank]];
                vectors[rank][i] = yi;
                lengths[rank] += zi * zi;
                if (rank < mu) {
                    stepY[i] += w[rank] * yi;
                    stepZ[i] += w[rank] * zi;
                }
            }
        }
        if (fitness[order[0]] < bestFitness) {
            bestFitness = fitness[order[0]];
            best = new double[n];
            for (int i = 0; i < n; i++) {
                best[i] = mean[i] + sigma * vectors[0][i];
            }
        }

        generation++;
        double cs = is.cs();
        double cc = is.cc();
        for (int i = 0; i < n; i++) {
            mean[i] += sigma * stepY[i];
            pathS[i] = (1 - cs) * pathS[i] + Math.sqrt(cs * (2 - cs) * is.muEff()) * stepZ[i];
        }
        double lengthS = Covariance.norm(pathS);
        // A long p_s means that sigma is still growing; p_c waits, lest C grow in its place.
        boolean steady = lengthS * lengthS / (1 - StrictMath.pow(1 - cs, 2.0 * generation)) / n < 2 + 4.0 / (n + 1);
        for (int i = 0; i < n; i++) {
            pathC[i] = (1 - cc) * pathC[i] + (steady ? Math.sqrt(cc * (2 - cc) * is.muEff()) * stepY[i] : 0);
        }
        vectors[population] = pathC;

        double c1WithWait = is.c1() * (steady ? 1 : 1 - cc * (2 - cc));
        double[] rates = new double[population + 1];
        double decay = 1 - c1WithWait;
        for (int rank = 0; rank < population; rank++) {
            rates[rank] = is.cmu() * w[rank];
            decay -= rates[rank];
            if (w[rank] < 0) {
                // A step that C would call long must not make C indefinite: its Mahalanobis length counts as sqrt(n).
                double length = Math.sqrt(lengths[rank]) + 1e-9;
                rates[rank] *= n / (length * length);
            }
        }
        rates[population] = is.c1();
        covariance.update(decay, rates, vectors);

        sigma *= StrictMath.exp(Math.max(-1, Math.min(1, cs / is.damps() * (lengthS / is.chiN() - 1))));
        watch(fitness, order);
        y = null;
        z = null;
        randomBeforeAsk = null;
    }

    private int[] rank(double[] fitness) {
        long broken = Arrays.stream(fitness).filter(f -> !Double.isFinite(f)).count();
        if (broken == population) {
            throw new KitException("All " + population + " candidates of generation " + (generation + 1)
                    + " have a fitness that is not finite, so there is nothing to learn from; look for NaN in the models or rewards.");
        }
        if (broken > 0) {
            warnings.add("Generation " + (generation + 1) + ": " + broken + " of " + population
                    + " candidates have a fitness that is not finite; they are ranked last.");
        }
        return IntStream.range(0, population).boxed()
                .sorted(Comparator.comparingDouble((Integer k) -> Double.isFinite(fitness[k]) ? fitness[k] : Double.POSITIVE_INFINITY))
                .mapToInt(Integer::intValue).toArray();
    }

    private void watch(double[] fitness, int[] order) {
        double median = fitness[order[population / 2]];
        System.arraycopy(recent, 1, recent, 0, recent.length - 1);
        recent[recent.length - 1] = median;
        sinceWarning++;
        if (fitness[order[0]] == median) {
            warn("Generation " + generation + ": half of the candidates have the same fitness, so there is nothing to follow; widen "
                    + "sigma or check that actions reach the environment.");
        } else if (generation >= recent.length) {
            double before = middle(0);
            double now = middle(PLATEAU_WINDOW);
            if (!(now < before)) {
                warn("Generation " + generation + ": plateau, the median fitness " + now + " of the last " + PLATEAU_WINDOW
                        + " generations is no better than " + before + " of those before; "
                        + "more episodes per candidate or a larger population help.");
            }
        }
    }

    private double middle(int from) {
        double[] sorted = Arrays.copyOfRange(recent, from, from + PLATEAU_WINDOW);
        Arrays.sort(sorted);
        return (sorted[PLATEAU_WINDOW / 2 - 1] + sorted[PLATEAU_WINDOW / 2]) / 2;
    }

    /** A lasting condition is said once per window, not every generation. */
    private void warn(String warning) {
        if (generation <= 1 || sinceWarning >= PLATEAU_WINDOW) {
            warnings.add(warning);
            sinceWarning = 0;
        }
    }

    private void factor() {
        if (!covariance.factor()) {
            // Rounding, at condition numbers near 1e15: as little on the diagonal as makes C positive definite again.
            double lift = 1e-14 * covariance.meanVariance();
            warnings.add("Generation " + generation + ": the covariance matrix is no longer positive definite in double precision; "
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

    /** How many generations have been told. */
    public int generation() {
        return generation;
    }

    public int population() {
        return population;
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

    /**
     * The condition number of the covariance that is sampled from: an estimate from below, close where few directions stand out, short by
     * some tenths where many are alike. At n = 867 some 0.1 s.
     */
    public double conditionNumber() {
        return covariance.conditionNumber();
    }

    /** For tests of the update. */
    Covariance covariance() {
        return covariance;
    }

    /** What the user should know: small population, fitness that is not finite, plateaus, numerical limits; the oldest first. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** @return everything that the generations to come depend on; between ask and tell, the state before the ask: asking gives the same */
    public byte[] state() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 + 8 * (n * (n + 1) + 4 * n));
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(FORMAT);
            out.writeInt(n);
            out.writeInt(population);
            out.writeInt(generation);
            out.writeInt(factoredAt);
            out.writeInt(sinceWarning);
            out.writeDouble(sigma);
            out.writeDouble(bestFitness);
            byte[] stream = randomBeforeAsk != null ? randomBeforeAsk : random.state();
            out.writeInt(stream.length);
            out.write(stream);
            write(out, mean);
            write(out, pathC);
            write(out, pathS);
            write(out, recent);
            write(out, best == null ? new double[n] : best);
            for (int i = 0; i < n; i++) {
                write(out, covariance.c[i]);
                write(out, covariance.a[i]);
            }
            out.writeInt(warnings.size());
            for (String warning : warnings) {
                out.writeUTF(warning);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Continues bit for bit where {@link #state} was taken.
     *
     * @throws KitException if the bytes are not such a state
     */
    public static CmaEs fromState(byte[] state) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(state))) {
            if (in.readInt() != FORMAT) {
                throw new IOException("no such format");
            }
            int n = in.readInt();
            int population = in.readInt();
            if (n < 1 || population < 3 || 8.0 * n * (n + 1.0) > state.length) {
                throw new IOException("sizes that do not fit");
            }
            CmaEs es = new CmaEs(n, population);
            es.generation = in.readInt();
            es.factoredAt = in.readInt();
            es.sinceWarning = in.readInt();
            es.sigma = in.readDouble();
            es.bestFitness = in.readDouble();
            es.random = Pcg64.fromState(in.readNBytes(in.readInt()));
            read(in, es.mean);
            read(in, es.pathC);
            read(in, es.pathS);
            read(in, es.recent);
            double[] best = new double[n];
            read(in, best);
            es.best = es.bestFitness == Double.POSITIVE_INFINITY ? null : best;
            for (int i = 0; i < n; i++) {
                read(in, es.covariance.c[i]);
                read(in, es.covariance.a[i]);
            }
            for (int i = in.readInt(); i > 0; i--) {
                es.warnings.add(in.readUTF());
            }
            return es;
        } catch (IOException e) {
            throw new KitException("These " + state.length + " bytes are not a whole CMA-ES state; remove the damaged checkpoint.", e);
        }
    }

    private static void write(DataOutputStream out, double[] values) throws IOException {
        for (double value : values) {
            out.writeDouble(value);
        }
    }

    private static void read(DataInputStream in, double[] values) throws IOException {
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readDouble();
        }
    }
}
