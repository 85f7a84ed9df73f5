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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import worldmodels.nn.Adamax;
import worldmodels.nn.Compute;
import worldmodels.nn.Gradients;
import worldmodels.nn.Noise;
import worldmodels.vision.ConvVae;
import worldmodels.vision.FrameEncoder;
import worldmodels.vision.Nvae;
import worldmodels.vision.nvae.NvaeShape;
import worldmodels.vision.nvae.SpectralRegularisation;

/** One training step at batch 32 and encoding while acting, in milliseconds per call; 16 channels are the laptop preset's. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 5, time = 5)
public class NvaeBenchmark {

    private static final int BATCH = 32;

    @Param({"8", "16"})
    private int channels;

    private final ByteBuffer frames = ByteBuffer.allocateDirect(64 * ConvVae.FRAME_BYTES);
    private final float[] mean = new float[64 * 32];
    private final float[] logVariance = new float[64 * 32];
    private NDManager manager;
    private Nvae nvae;
    private Adamax adamax;
    private SpectralRegularisation spectral;
    private FrameEncoder encoder;
    private long step;

    @Setup
    public void begin() {
        manager = Compute.newManager();
        nvae = new Nvae(manager, new NvaeShape(32, channels, 1, 1, 0, 4, 1, 1, 3, false, 0, 0), 1);
        adamax = new Adamax(nvae.parameters(), 1e-4f, 1e-3f, 0);
        spectral = new SpectralRegularisation(nvae.parameters(), 1);
        encoder = nvae.encoder();
        for (int i = 0; i < frames.capacity(); i++) {
            frames.put(i, (byte) (i * 7 + i / 191));
        }
    }

    @TearDown
    public void end() {
        encoder.close();
        manager.close();
    }

    @Benchmark
    public float train32() {
        try (NDManager scope = manager.newSubManager(); Gradients.Tape tape = Gradients.record()) {
            NDArray batch = scope.create(frames.slice(0, BATCH * ConvVae.FRAME_BYTES), new Shape(BATCH, 64, 64, 3), DataType.UINT8);
            long seed = step++;
            Nvae.Loss loss = nvae.loss(batch, Noise.normal(scope, new Shape(BATCH, 32), seed),
                    (group, sizes) -> Noise.normal(scope, new Shape(sizes), seed + group), scope.ones(new Shape(BATCH, 1, 1, 1)), true);
            NDArray total = loss.reconstruction();
            for (NDArray divergence : loss.divergences()) {
                total = total.add(divergence);
            }
            tape.backward(total.add(spectral.penalty(scope).mul(0.1f)));
            adamax.step();
            return loss.reconstruction().toFloatArray()[0];
        }
    }

    @Benchmark
    public float[] encode64() {
        encoder.encode(frames, 64, mean, logVariance);
        return mean;
    }
}
