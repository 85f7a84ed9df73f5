package worldmodels.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import worldmodels.agent.Agent;
import worldmodels.agent.ClusterRollouts;
import worldmodels.agent.LatentChoice;
import worldmodels.agent.PopulationRollouts;
import worldmodels.controller.Features;
import worldmodels.data.Crew;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeStore;
import worldmodels.data.Exploration;
import worldmodels.data.Policy;
import worldmodels.data.RolloutEngine;
import worldmodels.dream.Beginnings;
import worldmodels.dream.Dream;
import worldmodels.dream.DreamSettings;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.EnvironmentMaker;
import worldmodels.env.TimeLimit;
import worldmodels.env.WorldModelsFrame;
import worldmodels.env.carracing.CarRacing;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.evolution.RolloutFitness;
import worldmodels.memory.LatentEpisode;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MdnRnnShape;
import worldmodels.nn.Compute;
import worldmodels.run.Cluster;
import worldmodels.run.ClusterStages;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.Stage;
import worldmodels.run.WholeFile;
import worldmodels.vision.ConvVae;

/** What is recorded, dreamt and evaluated on a cluster is what is recorded, dreamt and evaluated here; and what cannot be done there is said in a sentence. */
@Tag("slow")
class DistributedRecordingTest {

    private static final List<EpisodeJob> JOBS = IntStream.range(0, 12).mapToObj(i -> new EpisodeJob(0, TrackSeeds.ROLLOUT.seed(i))).toList();

    @TempDir
    private static Path folder;
    private static TrialCluster trial;
    private static SparkCluster cluster;

    @BeforeAll
    static void start() {
        trial = TrialCluster.start(folder.resolve("cluster"), 2);
        cluster = trial.connect();
    }

    @AfterAll
    static void end() {
        cluster.close();
        trial.close();
    }

    private static EnvironmentMaker road(int steps) {
        return () -> new TimeLimit(WorldModelsFrame.cropped(new CarRacing()), steps);
    }

    private static Crew explorers() {
        return new Crew(road(30), (cars, manager) -> Exploration.WHITE_NOISE.policy(cars.actionSpace(), cars.lanes()));
    }

    private static Set<String> content(Path recorded) throws IOException {
        try (Stream<Path> files = Files.list(recorded)) {
            return files.map(file -> file.getFileName() + " " + WholeFile.sha256(file)).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static void recordHere(EpisodeStore store, List<EpisodeJob> jobs) {
        Crew crew = explorers();
        try (BatchedEnvironment cars = crew.environments(3, 1); Policy policy = crew.driver().policy(cars, null)) {
            store.record(new RolloutEngine(cars), policy, jobs, false, Progress.NONE);
        }
    }

    /** The manifest too; and what was recorded here before counts there. */
    @Test
    void recordsTheSameFilesByteForByte() throws IOException {
        recordHere(new EpisodeStore(folder.resolve("here")), JOBS);
        new EpisodeStore(folder.resolve("there")).record(cluster, explorers(), JOBS, false, Progress.NONE);
        assertEquals(content(folder.resolve("here")), content(folder.resolve("there")));
        recordHere(new EpisodeStore(folder.resolve("both")), JOBS.subList(0, 5));
        new EpisodeStore(folder.resolve("both")).record(cluster, explorers(), JOBS, false, Progress.NONE);
        assertEquals(content(folder.resolve("here")), content(folder.resolve("both")));
    }

    @Test
    void dreamsAndEvaluatesTheSameBits() {
        try (NDManager manager = Compute.newManager()) {
            ConvVae vision = new ConvVae(manager, 4, 1);
            MdnRnn memory = new MdnRnn(manager, new MdnRnnShape(4, 3, 8, 2, true, true), 2);
            Agent agent = new Agent(vision, memory, Features.Z_H, LatentChoice.SAMPLED, new double[3 * 13]);
            double[] c = IntStream.range(0, agent.parameters().length).mapToDouble(i -> Math.sin(i)).toArray();
            DreamSettings dream = DreamSettings.carRacing(1.1, 30);
            float[] four = new float[24];
            Beginnings beginnings = Beginnings.firstFrames(List.of(new LatentEpisode(4, four, four, new float[18], new float[6], false)));
            long[] tracks = TrackSeeds.TEST.first(9);
            try (RolloutFitness here = new RolloutFitness(PopulationRollouts.dreaming(1, 4, lanes -> new Dream(memory, beginnings, dream, CarRacing.ACTIONS, lanes), agent.controller()));
                    RolloutFitness there = new RolloutFitness(new ClusterRollouts(cluster, ClusterRollouts.dreaming(agent, dream, beginnings, CarRacing.ACTIONS)))) {
                assertEquals(Evaluation.of(1, here, c, tracks, Progress.NONE), Evaluation.of(1, there, c, tracks, Progress.NONE));
            }
            try (RolloutFitness here = new RolloutFitness(new PopulationRollouts(1, 4, road(20), agent::policy));
                    RolloutFitness there = new RolloutFitness(new ClusterRollouts(cluster, ClusterRollouts.driving(agent, road(20))))) {
                assertEquals(Evaluation.of(1, here, c, tracks, Progress.NONE), Evaluation.of(1, there, c, tracks, Progress.NONE));
            }
        }
    }

    /** Settings go, files come back, and the stage is finished here as if it had been done here. */
    @Test
    void finishesWholeStages() throws IOException {
        List<Stage> stages = List.of(seed(folder.resolve("stages"), 1), seed(folder.resolve("stages"), 2));
        ClusterStages.complete(cluster, "seeds", stages.stream().map(stage -> new ClusterStages.Piece(stage, maker(stage.setting("seed")))).toList(), Progress.NONE);
        for (Stage stage : stages) {
            assertTrue(stage.isFinished());
            assertEquals("of " + stage.setting("seed"), Files.readString(stage.file("weights")));
            assertEquals("done", stage.facts().get("state"));
            assertTrue(stage.machine().isPresent());
        }
        assertTrue(cluster.executors().stream().noneMatch(executor -> executor.pid() == ProcessHandle.current().pid()));
    }

    private static Stage seed(Path work, long seed) {
        return new Stage(work, "trained-" + seed, Map.of("seed", String.valueOf(seed)), List.of());
    }

    private static ClusterStages.Maker maker(String seed) {
        return work -> seed(work, Long.parseLong(seed)).complete(folder -> {
            WholeFile.writeText(folder.resolve("weights"), "of " + seed);
            return Map.of("state", "done");
        });
    }

    @Test
    void refusesWhatAnExecutorHasNoRoomFor() {
        KitException refused = assertThrows(KitException.class, () -> cluster.requireRoomFor(1L << 40));
        assertTrue(refused.getMessage().contains("spark.executor.memory"), refused.getMessage());
        cluster.requireRoomFor(1 << 20);
    }

    @Test
    void refusesAFolderThatWorkersDoNotSee() {
        cluster.requireShared(folder.resolve("shared"));
        KitException refused = assertThrows(KitException.class, () -> each(new SharedFolder(folder.resolve("elsewhere/probe").toString(), "")));
        assertTrue(refused.getMessage().contains("elsewhere as this machine does; mount it"), refused.getMessage());
    }

    /** A sentence of a worker's is thrown once, and not tried again; another failure is Spark's to try again and then to report. */
    @Test
    void handsOnWhatAWorkerSays() {
        KitException said = assertThrows(KitException.class, () -> each(() -> piece -> {
            throw new KitException("No road for " + piece + "; build one.");
        }));
        assertEquals("No road for 7; build one.", said.getMessage());
        KitException failed = assertThrows(KitException.class, () -> each(() -> piece -> {
            throw new IllegalStateException("bent");
        }));
        assertTrue(failed.getMessage().contains("failed") && failed.getMessage().contains("bent"), failed.getMessage());
    }

    private static void each(Cluster.Work<Integer, Integer> work) {
        try (Cluster.Workers<Integer, Integer> workers = cluster.workers(work)) {
            workers.each(List.of(7), (result, piece) -> { });
        }
    }
}
