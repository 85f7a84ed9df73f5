package worldmodels.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import worldmodels.agent.PopulationRollouts;
import worldmodels.controller.Controller;
import worldmodels.controller.Features;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeResult;
import worldmodels.dream.Beginnings;
import worldmodels.dream.Dream;
import worldmodels.dream.DreamSettings;
import worldmodels.env.carracing.CarRacing;
import worldmodels.memory.LatentEpisode;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MdnRnnShape;
import worldmodels.nn.Compute;
import worldmodels.random.Pcg64;
import worldmodels.run.Progress;

/** Dream steps per second of a population of 64 on all cores, controllers included: z 32, h 256, dreams of 100 steps that do not end before. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 7, time = 3)
public class DreamBenchmark {

    private static final int POPULATION = 64;
    private static final int HORIZON = 100;

    private final NDManager manager = Compute.newManager();
    private final MdnRnn memory = new MdnRnn(manager, MdnRnnShape.carRacing(32).withHeads(true, true), 1);
    private final Controller controller = Features.Z_H.controller(32, 256);
    private final double[][] population = new double[POPULATION][controller.parameterCount()];
    private final List<EpisodeJob> jobs = IntStream.range(0, POPULATION).mapToObj(i -> new EpisodeJob(i, i)).toList();
    private final PopulationRollouts rollouts;

    public DreamBenchmark() {
        NDArray bias = memory.parameters().array("output.bias").duplicate();
        bias.set(new NDIndex(memory.shape().outputs() - 1), -30f);
        memory.parameters().set("output.bias", bias);
        for (double[] parameters : population) {
            Pcg64.seeded(5).standardNormal(parameters);
        }
        Beginnings beginnings = Beginnings.firstFrames(List.of(new LatentEpisode(32, new float[64], new float[64], new float[6], new float[2], false)));
        rollouts = PopulationRollouts.dreaming(Runtime.getRuntime().availableProcessors(), POPULATION,
                lanes -> new Dream(memory, beginnings, DreamSettings.carRacing(1, HORIZON), CarRacing.ACTIONS, lanes), controller);
    }

    @Benchmark
    @OperationsPerInvocation(POPULATION * HORIZON)
    public EpisodeResult[] steps() {
        return rollouts.play(population, jobs, Progress.NONE);
    }

    @TearDown
    public void close() {
        rollouts.close();
        manager.close();
    }
}
