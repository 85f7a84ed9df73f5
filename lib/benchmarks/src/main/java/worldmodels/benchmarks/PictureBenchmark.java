package worldmodels.benchmarks;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import worldmodels.env.TriangleResize;
import worldmodels.env.WorldModelsFrame;
import worldmodels.env.carracing.CarRacing;

/** One CarRacing picture and one World Models frame, of cars that stand and drive on different tracks. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class PictureBenchmark {

    /** Steps since the start: after a second the view is full, in an episode's first picture it shows the whole field. */
    @Param({"50", "0"})
    public int steps;

    private final ByteBuffer frame = ByteBuffer.allocate(96 * 96 * 3);
    private final ByteBuffer small = ByteBuffer.allocate(64 * 64 * 3);
    private final TriangleResize resize = WorldModelsFrame.croppedResize();
    private final CarRacing[] cars = new CarRacing[64];
    private int next;

    @Setup
    public void driveOff() {
        for (int i = 0; i < cars.length; i++) {
            cars[i] = new CarRacing();
            cars[i].reset(i);
            for (int t = 0; t < steps; t++) {
                cars[i].step(new double[] {0.3 * Math.sin(i), 0.5, 0});
            }
        }
    }

    @Benchmark
    public ByteBuffer picture() {
        next = (next + 1) % cars.length;
        cars[next].observe(frame.clear());
        return frame;
    }

    @Benchmark
    public ByteBuffer worldModelsFrame() {
        resize.resize(frame.clear(), small.clear());
        return small;
    }
}
