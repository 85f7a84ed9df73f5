package worldmodels.benchmarks;

import ai.djl.ndarray.NDManager;
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
import worldmodels.data.EpisodeJob;
import worldmodels.env.Space;
import worldmodels.nn.Compute;
import worldmodels.nn.Terms;
import worldmodels.planet.Dynamics;
import worldmodels.planet.PlanetModel;
import worldmodels.planet.PlanetOptimiser;
import worldmodels.planet.PlanetPolicy;
import worldmodels.planet.PlanetSettings;
import worldmodels.planet.SequenceBatch;
import worldmodels.random.Pcg64;
import worldmodels.run.Preset;
import worldmodels.study.planet.PlanetStudy;

/**
 * PlaNet at a preset's sizes: one update of the RSSM, at {@code paper} on 50 chunks of 50 steps, and one decision, at {@code paper} 12 steps ahead with
 * 10 iterations of 1000 candidates. {@code src/main/python/rssm.py} does the same in Python PyTorch.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 1, time = 5)
@Measurement(iterations = 3, time = 10)
public class PlanetBenchmark {

    private static final int FRAME = 64 * 64 * 3;

    /** A preset's name. */
    @Param({"paper", "laptop"})
    private String preset;

    private final NDManager manager = Compute.newManager();
    private final ByteBuffer picture = ByteBuffer.allocateDirect(FRAME);
    private final double[] action = new double[1];
    private PlanetModel model;
    private PlanetOptimiser optimiser;
    private PlanetPolicy policy;
    private SequenceBatch batch;
    private long update;

    @Setup
    public void prepare() {
        PlanetStudy study = PlanetStudy.of(Preset.named(preset));
        PlanetSettings settings = study.learning();
        model = new PlanetModel(manager, study.shape(Dynamics.RSSM, 1), 1);
        optimiser = new PlanetOptimiser(model, settings, 1);
        policy = new PlanetPolicy(model, study.acting(), settings.depth(), Space.vector(new double[] {-1}, new double[] {1}), 1);
        Pcg64 random = Pcg64.seeded(1);
        ByteBuffer frames = ByteBuffer.allocateDirect(settings.batch() * settings.chunk() * FRAME);
        while (frames.hasRemaining()) {
            frames.putInt(random.nextInt());
        }
        float[] actions = new float[settings.batch() * settings.chunk()];
        float[] rewards = new float[settings.batch() * settings.chunk()];
        for (int i = 0; i < actions.length; i++) {
            actions[i] = (float) random.uniform(-1, 1);
            rewards[i] = (float) random.uniform(0, 1);
        }
        batch = new SequenceBatch(settings.chunk(), settings.batch(), frames.clear(), actions, rewards);
        policy.start(0, new EpisodeJob(0, 1));
    }

    @TearDown
    public void close() {
        policy.close();
        optimiser.close();
        manager.close();
    }

    @Benchmark
    public Terms update() {
        return optimiser.update(batch, update++);
    }

    @Benchmark
    public double decision() {
        policy.act(picture.clear(), new boolean[] {true}, action);
        return action[0];
    }
}
