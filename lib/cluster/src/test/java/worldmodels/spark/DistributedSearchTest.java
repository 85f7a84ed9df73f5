package worldmodels.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.agent.Agent;
import worldmodels.agent.ClusterRollouts;
import worldmodels.agent.LatentChoice;
import worldmodels.agent.Rollouts;
import worldmodels.controller.Features;
import worldmodels.env.EnvironmentMaker;
import worldmodels.env.StallLimit;
import worldmodels.env.WorldModelsFrame;
import worldmodels.env.carracing.CarRacing;
import worldmodels.env.carracing.CarRacingVersion;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.evolution.Candidate;
import worldmodels.evolution.Evolution;
import worldmodels.evolution.Fitness;
import worldmodels.evolution.Generation;
import worldmodels.evolution.RolloutFitness;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MdnRnnShape;
import worldmodels.nn.Compute;
import worldmodels.run.Cluster;
import worldmodels.run.Progress;
import worldmodels.run.StoppedException;
import worldmodels.vision.ConvVae;

/**
 * One search for C in CarRacing, on this machine and on clusters of real processes: the same bits, whoever has done the work and whoever was killed meanwhile.
 */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DistributedSearchTest {

    private static final Evolution.Settings SEARCH = new Evolution.Settings(8, 0.3, 3, 3, 2, 4);
    private static final int STEPS = 40;
    private static final long SEED = 7;

    @TempDir
    private static Path folder;
    private static NDManager manager;
    private static Agent agent;
    private static TrialCluster trial;
    private static Found here;

    /** What a search has found, and how. */
    private record Found(List<double[]> generations, Candidate selected) {

        void assertSame(Found other) {
            for (int i = 0; i < generations.size(); i++) {
                assertArrayEquals(generations.get(i), other.generations.get(i), 0.0, "generation " + (i + 1));
            }
            assertEquals(generations.size(), other.generations.size());
            assertArrayEquals(selected.parameters(), other.selected.parameters(), 0.0);
            assertEquals(selected.selectionScore(), other.selected.selectionScore(), 0.0);
        }
    }

    @BeforeAll
    static void searchHere() {
        manager = Compute.newManager();
        ConvVae vision = new ConvVae(manager, 8, 1);
        MdnRnn memory = new MdnRnn(manager, new MdnRnnShape(8, 3, 16, 2, false, false), 2);
        agent = new Agent(vision, memory, Features.Z_H, LatentChoice.SAMPLED, new double[Agent.controller(vision, memory, Features.Z_H).parameterCount()]);
        here = search("here", DistributedSearchTest::rollouts, Progress.NONE);
        assertTrue(here.generations.getFirst()[0] != here.generations.getLast()[0], "The search has moved");
        trial = TrialCluster.start(folder, 1);
    }

    @AfterAll
    static void end() {
        trial.close();
        manager.close();
    }

    private static EnvironmentMaker road() {
        return () -> new StallLimit(WorldModelsFrame.cropped(new CarRacing(CarRacingVersion.V2)), STEPS, 25);
    }

    private static Rollouts rollouts() {
        return Rollouts.driving(agent, 16, road());
    }

    private static Found search(String name, Supplier<Rollouts> rollouts, Progress progress) {
        try (Fitness training = new RolloutFitness(rollouts.get()); Fitness selection = new RolloutFitness(rollouts.get())) {
            Evolution evolution = new Evolution(SEARCH, agent.parameters(), SEED, training, selection, TrackSeeds.forSearch(SEED),
                    folder.resolve(name).resolve(Evolution.CHECKPOINT));
            Candidate selected = evolution.run(progress);
            return new Found(evolution.history().stream().map(DistributedSearchTest::numbers).toList(), selected);
        }
    }

    /** All of a generation but its seconds. */
    private static double[] numbers(Generation generation) {
        return new double[] {generation.mean(), generation.sd(), generation.best(), generation.sigma(), generation.steps(), generation.selectionScore()};
    }

    private static Found search(String name, Cluster cluster, Progress progress) {
        return search(name, () -> new ClusterRollouts(cluster, ClusterRollouts.driving(agent, road())), progress);
    }

    /** And is stopped in a second search, which goes on below. */
    @Test
    @Order(1)
    void oneWorkerFindsTheSameBits() {
        try (Cluster cluster = trial.connect()) {
            here.assertSame(search("one", cluster, Progress.NONE));
            assertEquals(1, cluster.executors().size());
            assertEquals(trial.address() + ", 1 executor of 1 core in all", cluster.description());
            assertThrows(StoppedException.class, () -> search("stopped", cluster, Progress.ofPart((generation, note) -> {
                if (generation == 1 && note.contains("generation 2: ")) {
                    Thread.currentThread().interrupt();
                }
            })));
        }
    }

    @Test
    @Order(2)
    void threeWorkersFindTheSameBitsAndGoOnWithWhatOneHasBegun() {
        trial.has(3);
        try (Cluster cluster = trial.connect()) {
            here.assertSame(search("three", cluster, Progress.NONE));
            assertEquals(3, cluster.executors().size());
            assertEquals(1, Generation.readCsv(folder.resolve("stopped").resolve(Evolution.GENERATIONS)).size(), "What the first driver had finished");
            here.assertSame(search("stopped", cluster, Progress.NONE));
        }
    }

    /** An executor in the first and in the last generation, in the second one a worker with all that it had started. */
    @Test
    @Order(3)
    void threeWorkersOfWhichOneIsKilledInEachGenerationFindTheSameBits() {
        try (Cluster cluster = trial.connect()) {
            Set<Long> killed = new HashSet<>();
            Progress killing = Progress.ofPart((generation, note) -> {
                if (killed.size() == generation && note.contains("generation") && !note.contains(": 0 of")) {
                    long victim = cluster.executors().stream().map(Cluster.Executor::pid).filter(pid -> !killed.contains(pid) && ProcessHandle.of(pid).isPresent())
                            .findFirst().orElseThrow();
                    if (generation == 1) {
                        TrialCluster.kill(trial.worker(3));
                    }
                    TrialCluster.kill(victim);
                    killed.add(victim);
                }
            });
            here.assertSame(search("killed", cluster, killing));
            assertEquals(3, killed.size(), "One in each generation");
        }
    }
}
