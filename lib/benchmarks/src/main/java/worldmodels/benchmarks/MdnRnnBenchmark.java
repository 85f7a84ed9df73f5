package worldmodels.benchmarks;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
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
import worldmodels.memory.LatentEpisode;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MdnRnnLearner;
import worldmodels.memory.MdnRnnSettings;
import worldmodels.memory.MdnRnnShape;
import worldmodels.memory.MemoryState;
import worldmodels.nn.Compute;
import worldmodels.nn.Terms;
import worldmodels.random.Pcg64;

/** M: one training step (100 sequences of 100 steps, everything from cutting the batch to Adam) and one step of 64 acting episodes. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 3)
public class MdnRnnBenchmark {

    private final NDManager manager = Compute.newManager();
    private final MdnRnn model = new MdnRnn(manager, MdnRnnShape.carRacing(32), 1);
    private final MemoryState state = model.initial(64);
    private final float[] z = new float[64 * 32];
    private final double[] action = new double[64 * 3];
    private MdnRnnLearner learner;
    private long step;

    @Setup
    public void prepare() {
        Pcg64 random = Pcg64.seeded(1);
        List<LatentEpisode> episodes = new ArrayList<>();
        for (int e = 0; e < 100; e++) {
            float[][] values = {new float[101 * 32], new float[101 * 32], new float[101 * 3], new float[101]};
            for (float[] array : values) {
                for (int i = 0; i < array.length; i++) {
                    array[i] = (float) random.standardNormal();
                }
            }
            episodes.add(new LatentEpisode(32, values[0], values[1], values[2], values[3], false));
        }
        MdnRnnSettings settings = new MdnRnnSettings(100, 100, Integer.MAX_VALUE, 0.001f, 1, 1, 1, 1);
        learner = new MdnRnnLearner(model, episodes, List.of(), settings);
    }

    @TearDown
    public void close() {
        learner.close();
        manager.close();
    }

    @Benchmark
    public Terms trainingStep() {
        return learner.update(step++);
    }

    @Benchmark
    public float[] actingStep() {
        state.advance(z, action);
        return state.hidden();
    }
}
