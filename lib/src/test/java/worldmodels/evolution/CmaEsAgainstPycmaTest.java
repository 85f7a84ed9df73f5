package worldmodels.evolution;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import worldmodels.Golden;
import worldmodels.random.Pcg64;

/** Evaluations to 1e-9 beside pycma's recorded median, over as many seeds and from the same start, step size and population. */
class CmaEsAgainstPycmaTest {

    private static final double TARGET = 1e-9;
    private static final double ALLOWED = 1.2;

    @ParameterizedTest
    @CsvSource({"sphere, 10", "ellipsoid, 10", "rosenbrock, 10", "cigar, 10", "sphere, 40", "ellipsoid, 40", "rosenbrock, 40", "cigar, 40"})
    void reachesTheTargetInAsFewEvaluations(String name, int n) throws IOException {
        Recording pycma = Recording.of(name + "-" + n);
        double median = median(pycma, n, function(name));
        assertTrue(median <= ALLOWED * pycma.median(),
                name + " in " + n + " dimensions: " + median + " evaluations, pycma " + pycma.median());
    }

    /** Turning the axes must not matter: the covariance is full. (A Cholesky factor, unlike the symmetric root, depends on the axes.) */
    @ParameterizedTest
    @CsvSource({"ellipsoid, 10", "cigar, 10"})
    void turningTheAxesDoesNotMatter(String name, int n) throws IOException {
        Recording pycma = Recording.of(name + "-" + n);
        double[][] rotation = rotation(n);
        double[] start = new double[n];
        Arrays.fill(start, pycma.x0());
        ToDoubleFunction<double[]> straight = function(name);
        double median = median(pycma, n, x -> {
            double[] turned = new double[n];
            for (int i = 0; i < n; i++) {
                turned[i] = start[i];
                for (int j = 0; j < n; j++) {
                    turned[i] += rotation[i][j] * (x[j] - start[j]);
                }
            }
            return straight.applyAsDouble(turned);
        });
        assertTrue(median <= ALLOWED * pycma.median(), "turned " + name + ": " + median + " evaluations, pycma " + pycma.median());
    }

    private static double median(Recording pycma, int n, ToDoubleFunction<double[]> function) {
        long[] evaluations = LongStream.rangeClosed(1, pycma.runs()).parallel().map(seed -> {
            double[] start = new double[n];
            Arrays.fill(start, pycma.x0());
            CmaEs es = new CmaEs(start, pycma.sigma0(), pycma.population(), seed);
            long count = 0;
            while (es.bestFitness() > TARGET && count < 5 * pycma.median()) {
                es.tell(Arrays.stream(es.ask()).mapToDouble(function).toArray());
                count += pycma.population();
            }
            return es.bestFitness() > TARGET ? Long.MAX_VALUE : count;
        }).sorted().toArray();
        return evaluations[evaluations.length / 2];
    }

    private static ToDoubleFunction<double[]> function(String name) {
        return switch (name) {
            case "sphere" -> x -> weighted(x, i -> 1);
            case "ellipsoid" -> x -> weighted(x, i -> Math.pow(10, 6.0 * i / (x.length - 1)));
            case "cigar" -> x -> weighted(x, i -> i == 0 ? 1 : 1e6);
            case "rosenbrock" -> x -> {
                double sum = 0;
                for (int i = 0; i + 1 < x.length; i++) {
                    double valley = x[i] * x[i] - x[i + 1];
                    sum += 100 * valley * valley + (x[i] - 1) * (x[i] - 1);
                }
                return sum;
            };
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static double weighted(double[] x, java.util.function.IntToDoubleFunction weight) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += weight.applyAsDouble(i) * x[i] * x[i];
        }
        return sum;
    }

    /** An orthogonal matrix: Gram-Schmidt on normal vectors. */
    private static double[][] rotation(int n) {
        Pcg64 random = Pcg64.seeded(42);
        double[][] rows = new double[n][n];
        for (int i = 0; i < n; i++) {
            random.standardNormal(rows[i]);
            for (int j = 0; j < i; j++) {
                double product = 0;
                for (int k = 0; k < n; k++) {
                    product += rows[i][k] * rows[j][k];
                }
                for (int k = 0; k < n; k++) {
                    rows[i][k] -= product * rows[j][k];
                }
            }
            double length = Math.sqrt(Arrays.stream(rows[i]).map(v -> v * v).sum());
            for (int k = 0; k < n; k++) {
                rows[i][k] /= length;
            }
        }
        return rows;
    }

    private record Recording(int population, double x0, double sigma0, int runs, double median) {

        static Recording of(String name) throws IOException {
            try (BufferedReader in = Golden.read("cma/pycma.json")) {
                String all = in.lines().collect(Collectors.joining(" "));
                Matcher block = Pattern.compile("\"" + name + "\": \\{([^}]*)}").matcher(all);
                assertTrue(block.find(), name);
                String text = block.group(1);
                return new Recording((int) number(text, "popsize"), number(text, "x0"), number(text, "sigma0"), (int) number(text, "runs"),
                        number(text, "evals_median"));
            }
        }

        private static double number(String text, String key) {
            Matcher value = Pattern.compile("\"" + key + "\": ([-0-9.e]+)").matcher(text);
            assertTrue(value.find(), key);
            return Double.parseDouble(value.group(1));
        }
    }
}
