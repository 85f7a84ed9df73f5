package worldmodels.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import worldmodels.controller.Controller;
import worldmodels.controller.Features;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeResult;
import worldmodels.data.RolloutEngine;
import worldmodels.dream.Beginnings;
import worldmodels.dream.Dream;
import worldmodels.dream.DreamSettings;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.Environment;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.env.TimeLimit;
import worldmodels.env.WorldModelsFrame;
import worldmodels.env.carracing.CarRacing;
import worldmodels.memory.LatentEpisode;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MdnRnnShape;
import worldmodels.nn.Compute;
import worldmodels.random.Pcg64;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;
import worldmodels.vision.ConvVae;

class PopulationRolloutsTest {

    private final NDManager manager = Compute.newManager();
    private final ConvVae vision = new ConvVae(manager, 32, 1);
    private final MdnRnn memory = new MdnRnn(manager, MdnRnnShape.carRacing(32), 1);
    private final Controller controller = Features.Z_H.controller(32, 256);
    private final double[][] population = new double[3][controller.parameterCount()];
    private final List<EpisodeJob> jobs = IntStream.range(0, 7).mapToObj(i -> new EpisodeJob(i % 3, 40 + i)).toList();

    PopulationRolloutsTest() {
        for (double[] parameters : population) {
            Pcg64.seeded(5).standardNormal(parameters);
        }
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void coresPlayWhatOneEnginePlaysAndAlwaysTheSame() {
        try (PopulationRollouts two = new PopulationRollouts(2, 4, this::environment, this::policy);
                BatchedEnvironment cars = new ThreadedEnvironments(4, 1, this::environment); WorldModelPolicy policy = policy(4)) {
            EpisodeResult[] played = two.play(population, jobs, Progress.NONE);
            assertArrayEquals(played, two.play(population, jobs, Progress.NONE));
            EpisodeResult[] alone = new RolloutEngine(cars).run(jobs, policy.population(population), Progress.NONE);
            for (int i = 0; i < alone.length; i++) {
                assertEquals(alone[i].job(), played[i].job());
                assertEquals(alone[i].length(), played[i].length());
                // Another number of lanes rounds the networks' sums differently; no tile is gained or lost by that in so few steps.
                assertEquals(alone[i].episodeReturn(), played[i].episodeReturn(), 1e-9);
            }
        }
    }

    @Test
    void dreamsAreTheSameOnAnyNumberOfCoresAndLanes() {
        MdnRnn dreamer = new MdnRnn(manager, MdnRnnShape.carRacing(32).withHeads(true, true), 1);
        Beginnings beginnings = Beginnings.firstFrames(List.of(new LatentEpisode(32, new float[64], new float[64], new float[6], new float[2], false)));
        IntFunction<Dream> maker = lanes -> new Dream(dreamer, beginnings, DreamSettings.carRacing(1, 15), CarRacing.ACTIONS, lanes);
        try (PopulationRollouts two = PopulationRollouts.dreaming(2, 4, maker, controller);
                PopulationRollouts one = PopulationRollouts.dreaming(1, 3, maker, controller)) {
            EpisodeResult[] played = two.play(population, jobs, Progress.NONE);
            assertArrayEquals(played, one.play(population, jobs, Progress.NONE));
            assertArrayEquals(played, two.play(population, jobs, Progress.NONE));
            Thread.currentThread().interrupt();
            assertThrows(StoppedException.class, () -> two.play(population, jobs, Progress.NONE));
        }
    }

    @Test
    void anInterruptStopsAllCoresAndLeavesThemUsable() {
        try (PopulationRollouts rollouts = new PopulationRollouts(2, 4, this::environment, this::policy)) {
            Thread.currentThread().interrupt();
            assertThrows(StoppedException.class, () -> rollouts.play(population, jobs, Progress.NONE));
            assertEquals(7, rollouts.play(population, jobs, Progress.NONE).length);
        }
    }

    @Test
    void aFailureOnOneCoreReachesTheCaller() {
        try (PopulationRollouts rollouts = new PopulationRollouts(2, 4, this::environment, this::policy)) {
            List<EpisodeJob> wrong = List.of(new EpisodeJob(0, 1), new EpisodeJob(9, 2));
            KitException e = assertThrows(KitException.class, () -> rollouts.play(population, wrong, Progress.NONE));
            assertEquals("Episode asks for candidate 9 of 3; set the population before the rollout.", e.getMessage());
        }
    }

    private Environment environment() {
        return new TimeLimit(WorldModelsFrame.cropped(new CarRacing()), 12);
    }

    private WorldModelPolicy policy(int lanes) {
        return new WorldModelPolicy(vision, memory, controller, LatentChoice.SAMPLED, lanes);
    }
}
