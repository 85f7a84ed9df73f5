package worldmodels.study.carracing;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import worldmodels.agent.Agent;
import worldmodels.agent.Rollouts;
import worldmodels.controller.Features;
import worldmodels.controller.HiddenLayerController;
import worldmodels.env.EnvironmentMaker;
import worldmodels.evolution.Fitness;
import worldmodels.evolution.Generation;
import worldmodels.evolution.RolloutFitness;
import worldmodels.memory.MdnRnn;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Settings;
import worldmodels.run.Settings.Key;
import worldmodels.run.Settings.Section;
import worldmodels.run.Stage;
import worldmodels.vision.VisionModel;

/** C, evolved on V and M in the real environment. */
final class Controllers {

    /** What is read of a preset beside the search itself. */
    @Section("")
    private record Own(@Key("seed") long seed, Road road, Driving driving) {}

    private final Preset preset;
    private final Path work;
    private final Vision vision;
    private final Memory memory;
    private final SearchSettings search;
    private final Own own;

    Controllers(Preset preset, Path work, Vision vision, Memory memory) {
        this.preset = preset;
        this.work = work;
        this.vision = vision;
        this.memory = memory;
        this.search = Settings.of(preset, SearchSettings.class);
        this.own = Settings.of(preset, Own.class);
    }

    /** Searches with other settings on the same V and M. */
    Controllers with(Preset other) {
        return new Controllers(other, work, vision, memory);
    }

    Stage stage(Features features) {
        SortedMap<String, String> settings = Settings.text(preset, SearchSettings.class, Driving.class);
        if (features == Features.Z_HIDDEN) {
            settings.putAll(Settings.text(preset, FirstLayer.Chosen.class));
        }
        settings.put("features", features.name());
        settings.put("training seed", String.valueOf(own.seed));
        settings.put("selection steps", String.valueOf(Road.FULL_EPISODE));
        return new Stage(work, "controller-" + word(features) + "-" + own.seed, settings, List.of(features.usesHidden() ? memory.stage() : vision.stage()));
    }

    /** To the end of the search, or loaded. */
    TrainedController trained(Features features, Progress progress) {
        Agent blank = blank(features, progress);
        Agent first = blank.controller() instanceof HiddenLayerController hidden
                ? blank.with(Settings.of(preset, FirstLayer.Chosen.class).firstLayer().parameters(hidden, own.seed)) : blank;
        return new Search(stage(features), search.evolution(), own.seed, first, () -> fitness(blank, searched()),
                () -> fitness(blank, whole())).complete(progress);
    }

    /** What the search for C on these features has come to so far; another process may be running it. */
    List<Generation> generations(Features features) {
        return Search.generations(stage(features));
    }

    /** One that knows nothing: all weights of C are 0. */
    Agent blank(Features features, Progress progress) {
        VisionModel v = vision.trained(progress).model();
        MdnRnn m = features.usesHidden() ? memory.trained(progress).model() : null;
        return new Agent(v, m, features, own.driving.latent(), new double[Agent.controller(v, m, features).parameterCount()]);
    }

    /** The environment of a training episode. */
    EnvironmentMaker searched() {
        return own.road.forecasting(search.steps(), search.patience());
    }

    /** The environment of a selection and of a test. */
    EnvironmentMaker whole() {
        return own.road.limiting(Road.FULL_EPISODE);
    }

    /** Candidates for an agent's C. */
    static Fitness fitness(Agent agent, EnvironmentMaker road) {
        return new RolloutFitness(Rollouts.driving(agent, CarRacingExperiment.LANES, road));
    }

    static String word(Features features) {
        return features.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
