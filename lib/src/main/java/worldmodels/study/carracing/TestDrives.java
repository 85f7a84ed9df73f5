package worldmodels.study.carracing;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import worldmodels.agent.Agent;
import worldmodels.controller.Features;
import worldmodels.data.Exploration;
import worldmodels.data.Policy;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.evolution.Fitness;
import worldmodels.run.Preset;
import worldmodels.run.Processor;
import worldmodels.run.Progress;
import worldmodels.run.Settings;
import worldmodels.run.Settings.Key;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Section;
import worldmodels.run.Stage;

/** The protocol of the final numbers on CarRacing: whole episodes on tracks that neither training nor selection has seen, the same for everybody. */
final class TestDrives {

    /** How many test tracks. */
    @Section("evaluation")
    record Tracks(@Least(1) int tracks) {}

    @Section("")
    private record RandomActions(@Key("seed") long seed, @Key("env.version") String version, Tracks tracks) {}

    private final Preset preset;
    private final Path work;
    private final Controllers controllers;
    private final long seed;
    private final long[] tracks;

    TestDrives(Preset preset, Path work, Controllers controllers) {
        this.preset = preset;
        this.work = work;
        this.controllers = controllers;
        this.seed = preset.integer("seed");
        this.tracks = TrackSeeds.TEST.first(Settings.of(preset, Tracks.class).tracks);
    }

    /** The trained weights, acting in any way; a stage of its own for each way. */
    Evaluation evaluation(Features features, Driving driving, Progress progress) {
        Agent trained = agent(controllers.trained(features, progress), progress);
        Agent agent = new Agent(trained.vision(), trained.memory(), features, driving.latent(), trained.parameters());
        return Evaluation.keptBy(stage(features, driving), () -> onTestTracks(agent, progress));
    }

    Stage stage(Features features, Driving driving) {
        SortedMap<String, String> settings = Settings.text(preset, Tracks.class, Driving.class);
        if (!driving.equals(Settings.of(preset, Driving.class))) {
            settings.putAll(Settings.text(driving));
        }
        return new Stage(work, "evaluation-" + Controllers.word(features) + "-" + seed, settings, List.of(controllers.stage(features)));
    }

    Agent agent(TrainedController trained, Progress progress) {
        return controllers.blank(trained.features(), progress).with(trained.selected().parameters());
    }

    /** An agent of this chain. */
    Evaluation onTestTracks(Agent agent, Progress progress) {
        return drive(agent, seed, tracks, progress);
    }

    /** Any agent on any tracks, without a stage. */
    Evaluation drive(Agent agent, long run, long[] tracks, Progress progress) {
        try (Fitness drivers = Controllers.fitness(agent, controllers.whole())) {
            return Evaluation.of(run, drivers, agent.parameters(), tracks, progress);
        }
    }

    /** The yardstick: uniformly random actions. */
    Evaluation randomActions(Progress progress) {
        return Evaluation.keptBy(randomActionsStage(), () -> {
            try (BatchedEnvironment cars = new ThreadedEnvironments(CarRacingExperiment.LANES, Processor.available(), controllers.whole());
                    Policy policy = Exploration.WHITE_NOISE.policy(cars.actionSpace(), cars.lanes())) {
                return Evaluation.of(seed, policy, cars, 1, tracks, progress);
            }
        });
    }

    Stage randomActionsStage() {
        return new Stage(work, "random-actions", Settings.text(preset, RandomActions.class), List.of());
    }
}
