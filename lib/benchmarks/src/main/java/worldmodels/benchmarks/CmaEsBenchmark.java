package worldmodels.benchmarks;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import worldmodels.evolution.CmaEs;

/** Ask and tell for the controller on [z h], per generation over 40 generations; pycma's recorded mean is 34 ms. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
public class CmaEsBenchmark {

    private static final int GENERATIONS = 40;

    private CmaEs search;

    @Setup(Level.Invocation)
    public void begin() {
        search = new CmaEs(new double[867], 0.1, 64, 1);
    }

    /** The fitness is a squared distance, some 0.1 ms of the generation. */
    @Benchmark
    @OperationsPerInvocation(GENERATIONS)
    public double[] generations() {
        for (int g = 0; g < GENERATIONS; g++) {
            search.tell(Arrays.stream(search.ask()).mapToDouble(CmaEsBenchmark::distance).toArray());
        }
        return search.mean();
    }

    private static double distance(double[] x) {
        double sum = 0;
        for (double v : x) {
            sum += (v - 1) * (v - 1);
        }
        return sum;
    }
}
