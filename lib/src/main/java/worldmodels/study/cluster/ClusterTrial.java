package worldmodels.study.cluster;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import worldmodels.agent.Agent;
import worldmodels.agent.LatentChoice;
import worldmodels.agent.PopulationRollouts;
import worldmodels.agent.Rollouts;
import worldmodels.controller.Features;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeResult;
import worldmodels.env.EnvironmentMaker;
import worldmodels.env.StallLimit;
import worldmodels.env.WorldModelsFrame;
import worldmodels.env.carracing.CarRacing;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.TestEpisode;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.evolution.Candidate;
import worldmodels.evolution.Evolution;
import worldmodels.evolution.Fitness;
import worldmodels.evolution.GenerationTime;
import worldmodels.evolution.RolloutFitness;
import worldmodels.memory.MdnRnn;
import worldmodels.memory.MdnRnnShape;
import worldmodels.nn.Compute;
import worldmodels.random.Pcg64;
import worldmodels.run.Cluster;
import worldmodels.run.KitException;
import worldmodels.run.Progress;
import worldmodels.run.WorkFolder;
import worldmodels.vision.ConvVae;

/**
 * The authors' agent, V and M of their sizes but untrained, in short searches on CarRacing: what is compared and measured are bits and seconds, for which it
 * need not see anything. Nothing is kept.
 */
public final class ClusterTrial implements AutoCloseable {

    private static final int LATENT = 32;
    private static final long SEED = 7;
    private static final String KEPT = "evaluation-z-h-";

    private final NDManager manager = Compute.newManager();
    private final Evolution.Settings search;
    private final int steps;
    private final int patience;
    private final Agent agent;

    /**
     * @param search   its size
     * @param steps    of an episode at most
     * @param patience steps without a new tile after which an episode ends
     */
    public ClusterTrial(Evolution.Settings search, int steps, int patience) {
        this.search = search;
        this.steps = steps;
        this.patience = patience;
        ConvVae vision = new ConvVae(manager, LATENT, SEED);
        MdnRnn memory = new MdnRnn(manager, MdnRnnShape.carRacing(LATENT), SEED);
        this.agent = new Agent(vision, memory, Features.Z_H, LatentChoice.SAMPLED, new double[Agent.controller(vision, memory, Features.Z_H).parameterCount()]);
    }

    public Agent agent() {
        return agent;
    }

    private EnvironmentMaker road() {
        return road(steps, patience);
    }

    private static EnvironmentMaker road(int steps, int patience) {
        return () -> new StallLimit(WorldModelsFrame.cropped(new CarRacing()), steps, patience);
    }

    /** The search, wherever {@link Cluster#choose} says. */
    public TrialSearch search(String where, Progress progress) {
        return search(where, false, progress);
    }

    /** The search on a cluster of this machine, one of whose executors is ended in each generation, as soon as a share of it has come back. */
    public TrialSearch searchWhileKilling(String where, Progress progress) {
        return search(where, true, progress);
    }

    private TrialSearch search(String where, boolean kills, Progress progress) {
        int[] killed = {0};
        Progress shown = kills ? killing(progress, killed) : progress;
        try (WorkFolder.Scratch scratch = WorkFolder.scratch(); Fitness training = fitness(); Fitness selection = fitness()) {
            Path checkpoint = scratch.path().resolve(Evolution.CHECKPOINT);
            Evolution evolution = new Evolution(search, agent.parameters(), SEED, training, selection, TrackSeeds.forSearch(SEED), checkpoint);
            Candidate selected = evolution.run(shown);
            return new TrialSearch(where, evolution.history(), selected, Cluster.chosen().map(cluster -> cluster.executors().size()).orElse(0), killed[0]);
        }
    }

    private Fitness fitness() {
        return new RolloutFitness(Rollouts.driving(agent, search.population() * search.rollouts(), road()));
    }

    private static Progress killing(Progress all, int[] killed) {
        return new Progress() {

            @Override
            public void start(String work, long total, String unit) {
                all.start(work, total, unit);
            }

            @Override
            public void at(long completed, String note) {
                all.at(completed, note);
                if (note.contains("generation") && note.contains(" of ") && completed == killed[0] && LocalCluster.killOne().isPresent()) {
                    killed[0]++;
                }
            }

            @Override
            public void done(String note) {
                all.done(note);
            }
        };
    }

    /** Lengths of the episodes that random candidates of this size drive, whole ones: (candidates x tracks). */
    public int[] lengths(int candidates, int tracks, int longest, Progress progress) {
        Pcg64 random = Pcg64.stream(SEED, "candidates");
        double[][] population = new double[candidates][agent.parameters().length];
        for (double[] candidate : population) {
            Arrays.setAll(candidate, i -> search.sigma() * random.standardNormal());
        }
        long[] seeds = TrackSeeds.forSearch(SEED).train(1, tracks);
        try (Fitness drives = new RolloutFitness(Rollouts.driving(agent, candidates * tracks, road(longest, patience)))) {
            return Arrays.stream(drives.evaluate(population, seeds, progress).steps()).flatMapToInt(Arrays::stream).toArray();
        }
    }

    /**
     * Lengths of the test drives of all agents on z and h that are kept beside the results of a preset: what a search's episodes are like once it has come far.
     *
     * @return empty where none are kept
     */
    public static int[] keptLengths(String preset) {
        String home = System.getenv("WM_HOME");
        Path stages = Path.of(home == null ? "" : home).resolve("results").resolve(preset).resolve("stages");
        try (Stream<Path> all = Files.isDirectory(stages) ? Files.list(stages) : Stream.empty()) {
            return all.filter(stage -> stage.getFileName().toString().startsWith(KEPT)).sorted().map(stage -> Evaluation.readCsv(stage.resolve("episodes.csv")))
                    .flatMap(evaluation -> evaluation.episodes().stream()).mapToInt(TestEpisode::steps).toArray();
        } catch (IOException e) {
            throw new KitException("Cannot read " + stages + " (" + e.getMessage() + "); make it readable.", e);
        }
    }

    /**
     * What a step costs on one core of this machine, alone and side by side.
     *
     * @param overhead of a generation, seconds
     */
    public GenerationTime time(double overhead) {
        int lanes = 16;
        speed(lanes);
        return GenerationTime.measured(speed(1), speed(lanes), lanes, overhead);
    }

    private double speed(int lanes) {
        List<EpisodeJob> jobs = IntStream.range(0, lanes).mapToObj(i -> new EpisodeJob(0, i)).toList();
        try (PopulationRollouts rollouts = new PopulationRollouts(1, lanes, road(steps, steps), agent::policy)) {
            long start = System.nanoTime();
            long done = 0;
            do {
                done += Arrays.stream(rollouts.play(new double[][] {agent.parameters()}, jobs, Progress.NONE)).mapToLong(EpisodeResult::length).sum();
            } while (System.nanoTime() - start < 1e9);
            return done / ((System.nanoTime() - start) / 1e9);
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
