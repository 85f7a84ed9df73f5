package worldmodels.study.carracing;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import worldmodels.agent.Agent;
import worldmodels.agent.PopulationRollouts;
import worldmodels.controller.Features;
import worldmodels.env.Environment;
import worldmodels.evolution.Fitness;
import worldmodels.evolution.Generation;
import worldmodels.evolution.RolloutFitness;
import worldmodels.memory.MdnRnn;
import worldmodels.run.Preset;
import worldmodels.run.Processor;
import worldmodels.run.Progress;
import worldmodels.run.Settings;
import worldmodels.run.Settings.Key;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Section;
import worldmodels.run.Stage;
import worldmodels.vision.VisionModel;

/** C, evolved on V and M in the real environment. */
final class Controllers {

    /** What is read of a preset beside the search itself; {@code seeds} are training seeds of C on z and h. */
    @Section("")
    private record Own(@Key("seed") long seed, @Key("evaluation.seeds") @Least(1) int seeds, Road road, Driving driving) {}

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

    /** The preset's seed, and the ones after it for C on z and h, the row that the others are compared with. */
    List<Long> seeds(Features features) {
        return LongStream.range(own.seed, own.seed + (features == Features.Z_H ? own.seeds : 1)).boxed().toList();
    }

    Stage stage(Features features, long seed) {
        SortedMap<String, String> settings = Settings.text(preset, SearchSettings.class, Driving.class);
        settings.put("features", features.name());
        settings.put("training seed", String.valueOf(seed));
        settings.put("selection steps", String.valueOf(Road.FULL_EPISODE));
        return new Stage(work, "controller-" + word(features) + "-" + seed, settings, List.of(features.usesHidden() ? memory.stage() : vision.stage()));
    }

    /** To the end of the search, or loaded. */
    TrainedController trained(Features features, long seed, Progress progress) {
        Agent blank = blank(features, progress);
        return new Search(stage(features, seed), search.evolution(), seed, blank, () -> fitness(blank, this::searched),
                () -> fitness(blank, () -> own.road.limited(Road.FULL_EPISODE))).complete(progress);
    }

    /** What the searches for C on these features have come to so far, by training seed; another process may be running them. */
    SortedMap<Long, List<Generation>> generations(Features features) {
        SortedMap<Long, List<Generation>> soFar = new TreeMap<>();
        for (long seed : seeds(features)) {
            List<Generation> generations = Search.generations(stage(features, seed));
            if (!generations.isEmpty()) {
                soFar.put(seed, generations);
            }
        }
        return soFar;
    }

    /** One that knows nothing: all weights of C are 0. */
    Agent blank(Features features, Progress progress) {
        VisionModel v = vision.trained(progress).model();
        MdnRnn m = features.usesHidden() ? memory.trained(progress).model() : null;
        return new Agent(v, m, features, own.driving.latent(), new double[Agent.controller(v, m, features).parameterCount()]);
    }

    /** The environment of a training episode. */
    Environment searched() {
        return own.road.forecast(search.steps(), search.patience());
    }

    /** Candidates for an agent's C, on all cores. */
    static Fitness fitness(Agent agent, Supplier<Environment> road) {
        return new RolloutFitness(new PopulationRollouts(Processor.available(), CarRacingExperiment.LANES, road, agent::policy));
    }

    static String word(Features features) {
        return features.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
