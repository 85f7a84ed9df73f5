package worldmodels.study.carracing;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import worldmodels.agent.Agent;
import worldmodels.controller.Features;
import worldmodels.evaluation.Evaluation;
import worldmodels.evolution.Evolution;
import worldmodels.nn.Seeds;
import worldmodels.run.Preset;
import worldmodels.run.Progress;
import worldmodels.run.Settings;
import worldmodels.run.Stage;

/**
 * A second search, from the C that the first one has selected: small steps, several fresh tracks for each candidate, and in the end the mean of the last
 * distribution means. Near a top, what moves the mean from one generation to the next is mostly the luck of the tracks, and averaging takes that out
 * (B. Polyak, A. Juditsky, "Acceleration of Stochastic Approximation by Averaging", 1992). Its perturbations and its tracks are none of the first
 * search's. On selection tracks of its own it is compared with the C that it began with, and the better of the two drives the test tracks.
 */
final class LatePhase {

    private final Preset preset;
    private final Path work;
    private final Controllers controllers;
    private final TestDrives drives;
    private final LateSettings settings;
    private final long seed;

    LatePhase(Preset preset, Path work, Controllers controllers, TestDrives drives) {
        this.preset = preset;
        this.work = work;
        this.controllers = controllers;
        this.drives = drives;
        this.settings = Settings.of(preset, LateSettings.class);
        this.seed = preset.integer("seed");
    }

    /** The rows of a preset that get one; none where it has no generations. */
    static List<Features> features(Preset preset) {
        return Settings.of(preset, LateSettings.class).generations() == 0 ? List.of() : Settings.of(preset, LateSettings.Rows.class).features();
    }

    /** With the chain's own it would draw the first search's perturbations and tracks again. */
    static long searchSeed(long chain) {
        return Seeds.named(chain, "late phase");
    }

    Stage stage(Features features) {
        return new Stage(work, "late-" + named(features), Settings.text(preset, LateSettings.class), List.of(controllers.stage(features)));
    }

    /** To the end of the search, or loaded: the mean of its last means, whether it is better or not. */
    TrainedController searched(Features features, Progress progress) {
        Agent first = drives.agent(controllers.trained(features, progress), progress);
        SearchSettings before = Settings.of(preset, SearchSettings.class);
        Evolution.Settings search = new Evolution.Settings(before.population(), settings.sigma(), settings.generations(), settings.rollouts(),
                settings.generations(), before.selectionTracks()).averaging(settings.averaged());
        TrainedController late = new Search(stage(features), search, searchSeed(seed), first,
                () -> Controllers.fitness(first, controllers.searched()), () -> Controllers.fitness(first, controllers.whole())).complete(progress);
        return new TrainedController(features, seed, late.selected(), late.history(), late.stage());
    }

    /** Both on the same selection tracks. */
    LateGain gain(Features features, Progress progress) {
        return new LateGain(compared(features, controllers.stage(features), () -> controllers.trained(features, progress), progress),
                compared(features, stage(features), () -> searched(features, progress), progress));
    }

    private Evaluation compared(Features features, Stage of, Supplier<TrainedController> trained, Progress progress) {
        return Evaluation.keptBy(comparison(features, of), () -> drives.drive(drives.agent(trained.get(), progress), seed,
                Settings.of(preset, LateSettings.Compared.class).seeds(), progress));
    }

    private Stage comparison(Features features, Stage of) {
        return new Stage(work, "selection-" + named(features), Settings.text(preset, LateSettings.Compared.class), List.of(of));
    }

    /** The better of the two on the test tracks. */
    Evaluation evaluation(Features features, Progress progress) {
        return Evaluation.keptBy(evaluationStage(features), () -> {
            TrainedController better = gain(features, progress).isGain() ? searched(features, progress) : controllers.trained(features, progress);
            return drives.onTestTracks(drives.agent(better, progress), progress);
        });
    }

    Stage evaluationStage(Features features) {
        return new Stage(work, "evaluation-late-" + named(features), Settings.text(preset, TestDrives.Tracks.class),
                List.of(stage(features), comparison(features, controllers.stage(features)), comparison(features, stage(features))));
    }

    private String named(Features features) {
        return Controllers.word(features) + "-" + seed;
    }
}
