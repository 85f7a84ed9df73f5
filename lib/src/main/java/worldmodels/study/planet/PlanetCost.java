package worldmodels.study.planet;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import worldmodels.env.control.ControlTask;
import worldmodels.run.Cost;
import worldmodels.run.Preset;

/** What PlaNet will cost: frames that are learned from, latent steps that are planned, pictures that are drawn, true steps that are planned. */
public final class PlanetCost {

    /** Of the reference machine, per second, with a model at work on each of its two cores. */
    private static final double LATENT_STEPS = 220_000;
    private static final double PICTURES = 200;
    /** The belief of the model whose latent steps were measured. */
    private static final double BELIEF = 128;

    private PlanetCost() {}

    public static List<Cost> stages(Preset preset, double speed) {
        PlanetPreset planet = new PlanetPreset(preset);
        double frames = 0;
        double decisions = 0;
        double pictures = 0;
        for (PlanetRow row : planet.rows()) {
            int learned = planet.episodes(row.task()) - preset.integer("planet.seedEpisodes");
            double length = length(preset, row.task());
            long tests = IntStream.rangeClosed(preset.integer("planet.seedEpisodes") + 1, planet.episodes(row.task()))
                    .filter(n -> n % preset.integer("planet.testEvery") == 0 || n == planet.episodes(row.task())).count();
            double planned = learned + tests * preset.number("planet.testEpisodes") + preset.number("planet.evaluationEpisodes");
            frames += (double) learned * preset.integer("planet.updates") * preset.integer("planet.batch") * preset.integer("planet.chunk");
            decisions += planned * length;
            pictures += (planned + preset.integer("planet.seedEpisodes")) * length;
        }
        double perDecision = preset.number("planet.horizon") * preset.number("planet.iterations") * preset.number("planet.candidates");
        double simulated = 0;
        double simulatedSeconds = 0;
        for (ControlTask task : planet.tasks()) {
            double steps = preset.number("planet.simulatorEpisodes") * length(preset, task) * perDecision * task.actionRepeat();
            simulated += steps;
            simulatedSeconds += steps / trueSteps(task);
        }
        List<Cost> stages = new ArrayList<>();
        stages.add(new Cost("PlaNet's updates", frames, "frames", speed * framesPerSecond(preset.integer("planet.channels"))));
        stages.add(new Cost("PlaNet's decisions", decisions * perDecision, "latent steps",
                speed * LATENT_STEPS * Math.pow(BELIEF / preset.number("planet.belief"), 2)));
        stages.add(new Cost("PlaNet's pictures", pictures, "pictures", speed * PICTURES));
        stages.add(new Cost("planning with the true dynamics", simulated, "control steps",
                speed * simulated / Math.max(1e-9, simulatedSeconds)));
        return stages;
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
        PlanetPreset planet = new PlanetPreset(preset);
        double compressed = planet.rows().stream().mapToDouble(row -> planet.episodes(row.task()) * length(preset, row.task())).sum() * 2_000;
        double plain = planet.tasks().stream().mapToDouble(task -> planet.episodes(task) * length(preset, task)).max().orElse(0) * 64 * 64 * 3;
        return compressed + plain;
    }

    /** Steps of an episode. */
    private static double length(Preset preset, ControlTask task) {
        return Math.max(1, preset.integer("planet.steps") / task.actionRepeat());
    }

    /** A frame of an update takes 0.2 ms and more for its channels: convolutions grow with their square. */
    private static double framesPerSecond(int channels) {
        return 1000 / (0.2 + 0.01 * channels + 0.002 * channels * channels);
    }
}
