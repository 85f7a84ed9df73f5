package worldmodels.study.planet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import worldmodels.env.Environment;
import worldmodels.env.TimeLimit;
import worldmodels.env.control.ControlEnvironment;
import worldmodels.env.control.ControlTask;
import worldmodels.planet.CrossEntropyPlanner;
import worldmodels.planet.Dynamics;
import worldmodels.planet.ImageLoss;
import worldmodels.planet.Overshooting;
import worldmodels.planet.PixelDepth;
import worldmodels.planet.PixelTask;
import worldmodels.planet.PlanetLearning;
import worldmodels.planet.PlanetSettings;
import worldmodels.planet.PlanetShape;
import worldmodels.planet.RewardScale;
import worldmodels.run.KitException;
import worldmodels.run.Preset;

/**
 * What a preset's {@code planet.*} settings say, as the values that the library takes.
 *
 * @param preset where they are
 */
public record PlanetPreset(Preset preset) {

    /** The tasks; the first is the one that the dynamics are compared on. */
    public List<ControlTask> tasks() {
        return names("planet.tasks").map(name -> constant("planet.tasks", ControlTask.class, name)).toList();
    }

    /** The dynamics that learn a task. */
    public List<Dynamics> dynamics(ControlTask task) {
        String key = isFirst(task) ? "planet.dynamics" : "planet.otherDynamics";
        return names(key).map(name -> constant(key, Dynamics.class, name)).toList();
    }

    /** All models to learn, in the table's order: every task with its dynamics, the RSSM on the first task with each of its training seeds. */
    public List<PlanetRow> rows() {
        List<PlanetRow> rows = new ArrayList<>();
        for (ControlTask task : tasks()) {
            for (Dynamics dynamics : dynamics(task)) {
                for (long seed : seeds(task, dynamics)) {
                    rows.add(new PlanetRow(task, dynamics, seed));
                }
            }
        }
        return rows;
    }

    /** The preset's seed, and those after it where several are asked for. */
    public long[] seeds(ControlTask task, Dynamics dynamics) {
        long first = preset.integer("seed");
        int count = isFirst(task) && dynamics == Dynamics.RSSM ? preset.integer("planet.seeds") : 1;
        return LongStream.range(first, first + count).toArray();
    }

    private boolean isFirst(ControlTask task) {
        return tasks().getFirst() == task;
    }

    /** Episodes in all that a task is learned from. */
    int episodes(ControlTask task) {
        return preset.integer(isFirst(task) ? "planet.episodes" : "planet.otherEpisodes");
    }

    /** The task as PlaNet meets it: pictures, repeated actions, {@code planet.steps} control steps. */
    public PixelTask task(ControlTask task) {
        return new PixelTask(task.id(), () -> limited(task, task.repeated()), task.actionRepeat());
    }

    /** {@code planet.steps} control steps of an environment that repeats actions as the task does. */
    Environment limited(ControlTask task, Environment repeated) {
        int steps = preset.integer("planet.steps");
        return steps >= ControlEnvironment.CONTROL_STEPS ? repeated : new TimeLimit(repeated, Math.max(1, steps / task.actionRepeat()));
    }

    /** Sizes of a model. */
    public PlanetShape shape(Dynamics dynamics, int actions) {
        return new PlanetShape(dynamics, actions, preset.integer("planet.belief"), preset.integer("planet.state"), preset.integer("planet.hidden"),
                preset.number("planet.minimumDeviation"), preset.integer("planet.channels"), preset.integer("planet.rewardLayers"),
                preset.integer("planet.rewardHidden"));
    }

    /** How it is trained. */
    public PlanetSettings settings(long seed) {
        return new PlanetSettings(preset.integer("planet.batch"), preset.integer("planet.chunk"), preset.number("planet.learningRate"),
                preset.number("planet.epsilon"), preset.number("planet.clip"), preset.number("planet.freeNats"),
                preset.choice("planet.imageLoss", ImageLoss.class), preset.choice("planet.rewardScale", RewardScale.class),
                preset.choice("planet.depth", PixelDepth.class),
                Overshooting.upTo(preset.integer("planet.overshooting"), preset.number("planet.overshootingWeight")), seed);
    }

    PlanetLearning.Rhythm rhythm(ControlTask task) {
        return new PlanetLearning.Rhythm(preset.integer("planet.seedEpisodes"), episodes(task), preset.integer("planet.updates"),
                preset.number("planet.exploration"), preset.integer("planet.testEvery"), preset.integer("planet.testEpisodes"));
    }

    /** The planner. */
    public CrossEntropyPlanner planner() {
        return new CrossEntropyPlanner(new CrossEntropyPlanner.Settings(preset.integer("planet.horizon"), preset.integer("planet.iterations"),
                preset.integer("planet.candidates"), preset.integer("planet.elites")));
    }

    private Stream<String> names(String key) {
        return Arrays.stream(preset.text(key).split(",")).map(String::strip);
    }

    private static <E extends Enum<E>> E constant(String key, Class<E> type, String name) {
        return Arrays.stream(type.getEnumConstants()).filter(e -> e.name().equals(name.toUpperCase(Locale.ROOT))).findFirst()
                .orElseThrow(() -> new KitException("Setting " + key + " names " + name + "; choose from "
                        + Arrays.stream(type.getEnumConstants()).map(e -> e.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", ")) + "."));
    }
}
