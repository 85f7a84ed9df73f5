package worldmodels.planet;

import ai.djl.ndarray.NDManager;
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
import worldmodels.data.EpisodeJob;
import worldmodels.env.Space;
import worldmodels.nn.Compute;
import worldmodels.random.Pcg64;

/** PlaNet at the authors' sizes: one update of the RSSM on 50 chunks of 50 steps, and one decision (12 steps, 10 iterations of 1000 candidates). */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 1, time = 5)
@Measurement(iterations = 3, time = 10)
public class PlanetBenchmark {

    private static final int SIDE = 50;

    private final NDManager manager = Compute.newManager();
    private final PlanetModel model = new PlanetModel(manager, PlanetShape.authors(Dynamics.RSSM, 1), 1);
    private final PlanetTraining training = new PlanetTraining(model, PlanetSettings.authors(1));
    private final PlanetPolicy policy = new PlanetPolicy(model, new CrossEntropyPlanner(CrossEntropyPlanner.Settings.AUTHORS), PixelDepth.FIVE_BITS,
            Space.vector(new double[] {-1}, new double[] {1}), 0, 1);
    private final ByteBuffer picture = ByteBuffer.allocateDirect(SequenceReplay.FRAME);
    private final double[] action = new double[1];
    private SequenceBatch batch;
    private long update;

    @Setup
    public void prepare() {
        Pcg64 random = Pcg64.seeded(1);
        ByteBuffer frames = ByteBuffer.allocateDirect(SIDE * SIDE * SequenceReplay.FRAME);
        while (frames.hasRemaining()) {
            frames.putInt(random.nextInt());
        }
        float[] actions = new float[SIDE * SIDE];
        float[] rewards = new float[SIDE * SIDE];
        for (int i = 0; i < actions.length; i++) {
            actions[i] = (float) random.uniform(-1, 1);
            rewards[i] = (float) random.uniform(0, 1);
        }
        batch = new SequenceBatch(SIDE, SIDE, frames.clear(), actions, rewards);
        policy.start(0, new EpisodeJob(0, 1));
    }

    @TearDown
    public void close() {
        policy.close();
        training.close();
        manager.close();
    }

    @Benchmark
    public Losses update() {
        return training.advance(batch, update++);
    }

    @Benchmark
    public double decision() {
        policy.act(picture.clear(), new boolean[] {true}, action);
        return action[0];
    }
}
