package worldmodels.study;

import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import worldmodels.agent.Agent;
import worldmodels.agent.LatentChoice;
import worldmodels.agent.PopulationRollouts;
import worldmodels.controller.Features;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeResult;
import worldmodels.env.TimeLimit;
import worldmodels.env.WorldModelsFrame;
import worldmodels.env.carracing.CarRacing;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MdnRnnShape;
import worldmodels.nn.Compute;
import worldmodels.run.Processor;
import worldmodels.run.Progress;
import worldmodels.vision.ConvVae;

/**
 * How fast this machine is beside the reference machine, found in a few seconds by driving with untrained networks: environment, picture, V, M
 * and C on all cores, as nine tenths of a preset's time are spent.
 */
public final class MachineSpeed {

    /** Environment steps per second of the same drive in a new process on the reference machine (two cores). */
    static final double REFERENCE = 1_300;

    private static final int STEPS = 25;
    private static final int LANES_PER_CORE = 4;
    private static final double WARM_SECONDS = 2;
    private static final double SECONDS = 3;

    private MachineSpeed() {}

    /** @return 1 for the reference machine, 2 for one that is twice as fast */
    public static double measured() {
        int lanes = LANES_PER_CORE * Processor.available();
        try (NDManager manager = Compute.newManager(); ConvVae vision = new ConvVae(manager, 32, 1);
                MdnRnn memory = new MdnRnn(manager, MdnRnnShape.carRacing(32), 1)) {
            Agent agent = new Agent(vision, memory, Features.Z_H, LatentChoice.SAMPLED, new double[867]);
            try (PopulationRollouts rollouts = new PopulationRollouts(Processor.available(), lanes,
                    () -> new TimeLimit(WorldModelsFrame.cropped(new CarRacing()), STEPS), agent::policy)) {
                drive(rollouts, agent, lanes, WARM_SECONDS);
                return drive(rollouts, agent, lanes, SECONDS) / REFERENCE;
            }
        }
    }

    private static double drive(PopulationRollouts rollouts, Agent agent, int lanes, double seconds) {
        List<EpisodeJob> jobs = IntStream.range(0, lanes).mapToObj(i -> new EpisodeJob(0, i)).toList();
        double[][] population = {agent.parameters()};
        long steps = 0;
        long start = System.nanoTime();
        double spent = 0;
        while (spent < seconds) {
            steps += Arrays.stream(rollouts.play(population, jobs, Progress.NONE)).mapToLong(EpisodeResult::length).sum();
            spent = (System.nanoTime() - start) / 1e9;
        }
        return steps / spent;
    }
}
