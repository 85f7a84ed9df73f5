package worldmodels.study.carracing;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import worldmodels.agent.Agent;
import worldmodels.agent.SentAgent;
import worldmodels.data.Crew;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeStore;
import worldmodels.data.NoisyActions;
import worldmodels.data.Policy;
import worldmodels.data.RolloutEngine;
import worldmodels.data.StoredEpisode;
import worldmodels.env.BatchedEnvironment;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.nn.Compute;
import worldmodels.nn.Seeds;
import worldmodels.run.Cluster;
import worldmodels.run.Preset;
import worldmodels.run.Processor;
import worldmodels.run.Progress;
import worldmodels.run.Settings;
import worldmodels.run.Settings.Before;
import worldmodels.run.Settings.Key;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Most;
import worldmodels.run.Settings.Section;
import worldmodels.run.Stage;

/**
 * One round's episodes: what there is to record.
 *
 * @param stage      what they depend on
 * @param tracks     the seed of each
 * @param validation how many of them V and M never learn from
 * @param splitSeed  which those are
 * @param drivers    how many take turns, episode by episode
 * @param lanes      episodes that are played side by side
 * @param crew       who records; made when it is needed, since drivers may have to be trained first
 */
public record Recording(Stage stage, long[] tracks, int validation, long splitSeed, int drivers, int lanes, Function<Progress, Crew> crew) {

    /** The first round. */
    @Section("rollouts")
    record First(@Key("seed") long seed, Road road, Explorer policy, @Least(1) int episodes, @Least(1) int steps, @Least(0) int validation) {}

    /** A later round. */
    @Section("rounds")
    record Later(@Key("seed") long seed, Road road, @Least(1) int episodes, @Least(1) int steps, @Least(0) int patience, @Least(0) double noise,
                 @Before("1") @Least(1) int noiseHeld, @Before("1") @Least(0) @Most(1) double noiseShare,
                 @Before("CURRENT") RoundDrivers drivers) {}

    /** Of the exploration policy. */
    static Recording explored(Preset preset, Path work) {
        First settings = Settings.of(preset, First.class);
        long[] tracks = TrackSeeds.ROLLOUT.ofChain(settings.seed, 0, settings.episodes);
        return new Recording(new Stage(work, "rollouts", withFirst(tracks, Settings.text(preset, First.class)), List.of()), tracks,
                settings.validation, Seeds.named(settings.seed, "split"), 1, CarRacingExperiment.LANES,
                progress -> new Crew(settings.road.limiting(settings.steps), settings.policy));
    }

    /**
     * Of agents by turns, with noise on their actions, on tracks that no round before has seen.
     *
     * @param number 2 for the first round that an agent drives
     * @param before the last round's episodes, and the stage of the agents
     */
    static Recording driven(Preset preset, Path work, int number, List<Stage> before, Function<Progress, List<Agent>> agents) {
        First first = Settings.of(preset, First.class);
        Later settings = Settings.of(preset, Later.class);
        long from = first.episodes + (number - 2L) * settings.episodes;
        int validation = Math.min(settings.episodes - 1, Math.ceilDiv(settings.episodes * first.validation, first.episodes));
        return new Recording(new Stage(work, "rollouts-" + number, Settings.text(preset, Later.class), before),
                TrackSeeds.ROLLOUT.ofChain(settings.seed, from, settings.episodes), validation,
                Seeds.named(settings.seed, "split", number), settings.drivers.count(), CarRacingExperiment.LANES,
                progress -> new Crew(settings.road.recording(settings.steps, settings.patience), byTurns(agents.apply(progress), settings)));
    }

    /** What the recorded episodes depend on: for chains other than the first, where their tracks begin. */
    public static SortedMap<String, String> withFirst(long[] tracks, SortedMap<String, String> settings) {
        if (tracks[0] != TrackSeeds.ROLLOUT.seed(0)) {
            settings.put("first track", String.valueOf(tracks[0]));
        }
        return settings;
    }

    /** All with the V and M of the first; what is sent to a cluster holds numbers, not the settings. */
    private static Crew.Driver byTurns(List<Agent> agents, Later settings) {
        SentAgent first = SentAgent.of(agents.getFirst());
        double[][] parameters = agents.stream().map(Agent::parameters).toArray(double[][]::new);
        double noise = settings.noise;
        int held = settings.noiseHeld;
        double share = settings.noiseShare;
        return (cars, manager) -> new NoisyActions(first.open(manager).policy(cars.lanes()).population(parameters), cars.actionSpace(), noise, held, share,
                cars.lanes());
    }

    /** Records what is not in the store yet. */
    void complete(EpisodeStore store, Progress progress) {
        stage.complete(folder -> Map.of("environmentSteps",
                String.valueOf(record(store, false, progress).stream().mapToLong(StoredEpisode::length).sum())));
    }

    /** @param regenerate whether damaged and missing episodes are played again */
    List<StoredEpisode> record(EpisodeStore store, boolean regenerate, Progress progress) {
        List<EpisodeJob> jobs = IntStream.range(0, tracks.length).mapToObj(i -> new EpisodeJob(i % drivers, tracks[i])).toList();
        Crew crew = this.crew.apply(progress);
        Optional<Cluster> cluster = Cluster.chosen();
        if (cluster.isPresent()) {
            return store.record(cluster.get(), crew, jobs, regenerate, progress);
        }
        try (NDManager manager = Compute.newManager(); BatchedEnvironment cars = crew.environments(lanes, Processor.available());
                Policy policy = crew.driver().policy(cars, manager)) {
            return store.record(new RolloutEngine(cars), policy, jobs, regenerate, progress);
        }
    }
}
