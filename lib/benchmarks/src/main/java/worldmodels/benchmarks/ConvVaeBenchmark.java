package worldmodels.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import worldmodels.nn.Adam;
import worldmodels.nn.Compute;
import worldmodels.nn.Gradients;
import worldmodels.nn.Noise;
import worldmodels.vision.ConvVae;
import worldmodels.vision.VisionLearner;
import worldmodels.vision.FrameEncoder;

/** One training step at batch 100 and encoding while acting, in milliseconds per call; threads by {@code OMP_NUM_THREADS}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 3)
public class ConvVaeBenchmark {

    private final ByteBuffer frames = ByteBuffer.allocateDirect(256 * ConvVae.FRAME_BYTES);
    private final float[] mean = new float[256 * 32];
    private final float[] logVariance = new float[256 * 32];
    private NDManager manager;
    private ConvVae vae;
    private Adam adam;
    private FrameEncoder encoder;
    private long step;

    @Setup
    public void begin() {
        manager = Compute.newManager();
        vae = new ConvVae(manager, 32, 1);
        adam = new Adam(vae.parameters(), 1e-4f);
        encoder = vae.encoder();
        for (int i = 0; i < frames.capacity(); i++) {
            frames.put(i, (byte) (i * 7 + i / 191));
        }
    }

    @TearDown
    public void end() {
        manager.close();
    }

    @Benchmark
    public float train100() {
        try (NDManager scope = manager.newSubManager(); Gradients.Tape tape = Gradients.record()) {
            NDArray batch = scope.create(frames.slice(0, 100 * ConvVae.FRAME_BYTES), new Shape(100, 64, 64, 3), DataType.UINT8);
            VisionLearner.Loss loss = vae.loss(batch, Noise.normal(scope, new Shape(100, 32), step++), 0.5f);
            tape.backward(loss.total());
            adam.step();
            return loss.total().toFloatArray()[0];
        }
    }

    @Benchmark
    public float[] encode64() {
        encoder.encode(frames, 64, mean, logVariance);
        return mean;
    }

    @Benchmark
    public float[] encode256() {
        encoder.encode(frames, 256, mean, logVariance);
        return mean;
    }
}
