package worldmodels.study.planet;

import java.util.List;
import java.util.stream.IntStream;
import worldmodels.env.control.ControlTask;
import worldmodels.planet.Collecting;
import worldmodels.planet.CrossEntropyPlanner;
import worldmodels.run.Cost;
import worldmodels.run.Preset;
import worldmodels.run.Settings;

/** What PlaNet will cost: frames that are learned from, latent steps that are planned, pictures that are drawn, true steps that are planned. */
public final class PlanetCost {

    /** Of the reference machine, per second, with a model at work on each of its two cores. */
    private static final double LATENT_STEPS = 220_000;
    private static final double PICTURES = 200;
    /** The belief of the model whose latent steps were measured. */
    private static final double BELIEF = 128;

    private PlanetCost() {}

    public static List<Cost> stages(Preset preset, double speed) {
        PlanetStudy study = PlanetStudy.of(preset);
        PlanetStudy all = all(preset);
        CrossEntropyPlanner.Settings planner = study.learning().planner();
        double perDecision = latentSteps(planner);
        double simulated = 0;
        double simulatedSeconds = 0;
        for (ControlTask task : study.tasks()) {
            double steps = (double) study.simulatorEpisodes() * study.pixels(task).decisions() * perDecision * task.actionRepeat();
            simulated += steps;
            simulatedSeconds += steps / trueSteps(task);
        }
        ControlTask first = study.tasks().getFirst();
        ActingStudy.Tried tried = Settings.of(preset, ActingStudy.Tried.class);
        double ceilings = 0;
        for (int horizon : tried.ceilingHorizons()) {
            for (int plans : tried.ceilingPlans()) {
                ceilings += (double) tried.ceilingEpisodes() * study.pixels(first).decisions() * horizon * plans * first.actionRepeat();
            }
        }
        simulated += ceilings;
        simulatedSeconds += ceilings / trueSteps(first);
        // The first model acts in each way but the one that it learned with, one of them with three times the candidates; the others in one more, and so
        // does each that learned with all named settings.
        double otherwise = (tried.ways().size() + 1 + models(study, first) + models(all, first)) * study.evaluationEpisodes() * study.pixels(first).decisions();
        double planned = (decisions(study) + otherwise) * perDecision + decisions(all) * latentSteps(all.learning().planner());
        double pictures = decisions(study) + atRandom(study) + decisions(all) + atRandom(all);
        return List.of(
                new Cost("PlaNet's updates", learned(study) + learned(all), "frames", speed * framesPerSecond(study.sizes().channels())),
                new Cost("PlaNet's decisions", planned, "latent steps", speed * LATENT_STEPS * Math.pow(BELIEF / study.sizes().belief(), 2)),
                new Cost("PlaNet's pictures", pictures, "pictures", speed * PICTURES),
                new Cost("planning with the true dynamics", simulated, "control steps", speed * simulated / Math.max(1e-9, simulatedSeconds)));
    }

    /** The preset of the row with all named settings. */
    private static PlanetStudy all(Preset preset) {
        return PlanetStudy.of(VariantStudy.of(preset, PlanetVariant.ALL));
    }

    private static double latentSteps(CrossEntropyPlanner.Settings planner) {
        return (double) planner.horizon() * planner.iterations() * planner.candidates();
    }

    /** Frames that models learn from. */
    private static double learned(PlanetStudy study) {
        return study.tasks().stream().mapToDouble(task -> models(study, task) * study.learning().collecting().updates(study.episodes(study.pixels(task)))
                * study.learning().batch() * study.learning().chunk()).sum();
    }

    /** Decisions of models: of collected episodes, and of those that test them. */
    private static double decisions(PlanetStudy study) {
        Collecting collecting = study.learning().collecting();
        return study.tasks().stream().mapToDouble(task -> {
            int episodes = study.episodes(study.pixels(task));
            long tests = IntStream.rangeClosed(collecting.seedEpisodes() + 1, episodes).filter(n -> collecting.isTested(n, episodes)).count();
            double planned = episodes - collecting.seedEpisodes() + (double) tests * collecting.testEpisodes() + study.evaluationEpisodes();
            return models(study, task) * planned * study.pixels(task).decisions();
        }).sum();
    }

    /** And those of random episodes. */
    private static double atRandom(PlanetStudy study) {
        return study.tasks().stream().mapToDouble(task -> models(study, task) * study.learning().collecting().seedEpisodes() * study.pixels(task).decisions()).sum();
    }

    /** Control steps of a task per second, on two cores. */
    private static double trueSteps(ControlTask task) {
        return switch (task) {
            case CARTPOLE_SWINGUP -> 450_000;
            case REACHER_EASY -> 1_800_000;
            case CHEETAH_RUN -> 280_000;
            case FINGER_SPIN -> 350_000;
            case BALL_IN_CUP_CATCH -> 85_000;
            case WALKER_WALK -> 23_000;
        };
    }

    /** Bytes: compressed episodes, and the plain pixels of one run at a time. */
    public static double disk(Preset preset) {
        List<PlanetStudy> studies = List.of(PlanetStudy.of(preset), all(preset));
        double compressed = studies.stream().flatMapToDouble(study -> study.tasks().stream().mapToDouble(task -> models(study, task) * frames(study, task))).sum() * 2_000;
        double plain = studies.stream().flatMapToDouble(study -> study.tasks().stream().mapToDouble(task -> frames(study, task))).max().orElse(0) * 64 * 64 * 3;
        return compressed + plain;
    }

    private static double models(PlanetStudy study, ControlTask task) {
        return study.dynamics(task).stream().mapToInt(kind -> study.rows(task, kind).size()).sum();
    }

    private static double frames(PlanetStudy study, ControlTask task) {
        return (double) study.episodes(study.pixels(task)) * study.pixels(task).decisions();
    }

    /** A frame of an update takes 0.2 ms and more for its channels: convolutions grow with their square. */
    private static double framesPerSecond(int channels) {
        return 1000 / (0.2 + 0.01 * channels + 0.002 * channels * channels);
    }
}
