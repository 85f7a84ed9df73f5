package worldmodels.study.planet;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import worldmodels.data.Episode;
import worldmodels.data.EpisodeJob;
import worldmodels.data.EpisodeStore;
import worldmodels.data.Policy;
import worldmodels.data.RolloutEngine;
import worldmodels.data.WhiteNoise;
import worldmodels.env.BatchedEnvironment;
import worldmodels.env.Environment;
import worldmodels.env.ThreadedEnvironments;
import worldmodels.env.control.ControlEnvironment;
import worldmodels.env.control.ControlTask;
import worldmodels.evaluation.Evaluation;
import worldmodels.evaluation.TrackSeeds;
import worldmodels.planet.Acting;
import worldmodels.planet.ControlPixels;
import worldmodels.planet.ControlSimulator;
import worldmodels.planet.CrossEntropyPlanner;
import worldmodels.planet.PlanCheck;
import worldmodels.planet.PlanetPolicy;
import worldmodels.planet.SimulatorPolicy;
import worldmodels.run.Processor;
import worldmodels.run.Progress;
import worldmodels.run.Stage;

/** What is tried on episodes that nothing has learned from: models, planning with the true dynamics, random actions. */
record PlanetTrials(PlanetStages stages) {

    private static final int STEPS_BETWEEN_PLANS = 5;

    /** Whatever acts, for as many lanes as the environments have. */
    private interface Actor extends Function<ThreadedEnvironments, Policy> {}

    Evaluation of(LearnedPlanet learned, Acting acting, Progress progress) {
        PlanetRow row = learned.row();
        return evaluation(stages.evaluation(row, acting), row.seed(), stages.study().evaluationEpisodes(), row.task()::environment,
                row.task().actionRepeat(), environments -> policy(learned, acting, environments), progress);
    }

    Evaluation ofSimulator(ControlTask task, CrossEntropyPlanner.Settings planner, int episodes, Progress progress) {
        ControlPixels pixels = stages.study().pixels(task);
        return evaluation(stages.simulator(task, planner, episodes), stages.study().seed(), episodes, pixels::stateEnvironment, task.actionRepeat(),
                environments -> simulatorPolicy(task, planner, environments), progress);
    }

    private Policy simulatorPolicy(ControlTask task, CrossEntropyPlanner.Settings planner, ThreadedEnvironments environments) {
        List<ControlSimulator> copies = IntStream.range(0, Processor.available()).mapToObj(i -> new ControlSimulator(task)).toList();
        return new SimulatorPolicy<>(planner, copies,
                lane -> ((ControlEnvironment) environments.lane(lane).unwrapped()).snapshot(), environments.actionSpace(), environments.lanes());
    }

    Evaluation ofRandomActions(ControlTask task, Progress progress) {
        return evaluation(stages.random(task), stages.study().seed(), stages.study().evaluationEpisodes(), stages.study().pixels(task)::stateEnvironment,
                task.actionRepeat(), environments -> new WhiteNoise(environments.actionSpace(), environments.lanes()), progress);
    }

    private static Evaluation evaluation(Stage stage, long run, int count, Supplier<Environment> maker, int repeat, Actor actor, Progress progress) {
        return Evaluation.keptBy(stage, () -> {
            try (ThreadedEnvironments environments = new ThreadedEnvironments(count, Processor.available(), maker);
                    Policy policy = actor.apply(environments)) {
                return Evaluation.of(run, policy, environments, repeat, TrackSeeds.TEST.first(count), progress);
            }
        });
    }

    /** An episode on a selection seed, which a model plays as it plays the test episodes. */
    Episode watched(LearnedPlanet learned, Progress progress) {
        Stage stage = stages.watched(learned.row()).complete(folder -> {
            try (BatchedEnvironment environments = new ThreadedEnvironments(1, 1, learned.row().task()::environment);
                    Policy policy = policy(learned, stages.study().acting(), environments)) {
                new EpisodeStore(folder).record(new RolloutEngine(environments), policy, List.of(new EpisodeJob(0, TrackSeeds.SELECT.seed(0))), false, progress);
                return Map.of();
            }
        });
        EpisodeStore store = new EpisodeStore(stage.folder());
        return store.read(store.own().getFirst());
    }

    /** The episode is played once more in a simulator that does not draw, for its states. */
    PlanCheck planCheck(ControlTask task, LearnedPlanet learned, Episode watched) {
        ControlPixels pixels = stages.study().pixels(task);
        List<ControlEnvironment.Snapshot> states = new ArrayList<>();
        List<ControlSimulator> copies = IntStream.range(0, Processor.available()).mapToObj(i -> new ControlSimulator(task)).toList();
        try (Environment again = pixels.stateEnvironment()) {
            again.reset(TrackSeeds.SELECT.seed(0));
            int size = again.actionSpace().size();
            for (int t = 0; t < watched.length(); t++) {
                states.add(((ControlEnvironment) again.unwrapped()).snapshot());
                double[] action = new double[size];
                for (int k = 0; k < size; k++) {
                    action[k] = watched.actions()[t * size + k];
                }
                again.step(action);
            }
            return PlanCheck.of(learned.model(), stages.study().learning().depth(), stages.study().acting(), watched, again.actionSpace(), copies, states,
                    STEPS_BETWEEN_PLANS, learned.row().seed());
        } finally {
            copies.forEach(ControlSimulator::close);
        }
    }

    private Policy policy(LearnedPlanet learned, Acting acting, BatchedEnvironment environments) {
        return new PlanetPolicy(learned.model(), acting, stages.study().learning().depth(), environments.actionSpace(), environments.lanes());
    }
}
