package worldmodels.study.planet;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import worldmodels.env.control.ControlTask;
import worldmodels.env.control.Pictures;
import worldmodels.planet.Acting;
import worldmodels.planet.ControlPixels;
import worldmodels.planet.Dynamics;
import worldmodels.planet.PixelTask;
import worldmodels.planet.FirstWeights;
import worldmodels.planet.PlanetSettings;
import worldmodels.planet.PlanetShape;
import worldmodels.planet.PlanetSizes;
import worldmodels.run.Preset;
import worldmodels.run.Settings;
import worldmodels.run.Settings.Key;
import worldmodels.run.Settings.Least;

/**
 * What a preset says of PlaNet.
 *
 * @param seed               the first training seed
 * @param tasks              of the Control Suite; the first is the one that the dynamics are compared on
 * @param dynamics           that learn the first task
 * @param otherDynamics      that learn the others
 * @param seeds              training seeds of the RSSM on the first task; everything else has one
 * @param episodes           in all, of the first task
 * @param otherEpisodes      and of the others
 * @param steps              control steps of an episode
 * @param pictures           how tasks are drawn
 * @param evaluationEpisodes of a model, and of random actions
 * @param simulatorEpisodes  of planning with the true dynamics
 * @param sizes              of the models
 * @param firstWeights       what they begin with
 * @param learning           how they learn
 */
@Settings.Section("planet")
public record PlanetStudy(@Key("seed") long seed, List<ControlTask> tasks, List<Dynamics> dynamics, List<Dynamics> otherDynamics, @Least(1) int seeds,
        @Least(1) int episodes, @Least(1) int otherEpisodes, @Least(1) int steps, Pictures pictures, @Least(1) int evaluationEpisodes, @Least(1) int simulatorEpisodes,
        PlanetSizes sizes, FirstWeights firstWeights, PlanetSettings learning) {

    public static PlanetStudy of(Preset preset) {
        return Settings.of(preset, PlanetStudy.class);
    }

    /** A task as PlaNet meets it, with episodes of {@link #steps}. */
    public ControlPixels pixels(ControlTask task) {
        return new ControlPixels(task, steps, pictures);
    }

    /** The dynamics that learn a task. */
    public List<Dynamics> dynamics(ControlTask task) {
        return isFirst(pixels(task)) ? dynamics : otherDynamics;
    }

    /** The preset's seed, and those after it where several are asked for. */
    public long[] seeds(ControlTask task, Dynamics kind) {
        return LongStream.range(seed, seed + (isFirst(pixels(task)) && kind == Dynamics.RSSM ? seeds : 1)).toArray();
    }

    /** The models of a task and kind, one for each training seed. */
    public List<PlanetRow> rows(ControlTask task, Dynamics kind) {
        return LongStream.of(seeds(task, kind)).mapToObj(each -> new PlanetRow(pixels(task), kind, each)).toList();
    }

    /** All models to learn, in the table's order. */
    public List<PlanetRow> rows() {
        List<PlanetRow> rows = new ArrayList<>();
        tasks.forEach(task -> dynamics(task).forEach(kind -> rows.addAll(rows(task, kind))));
        return rows;
    }

    private boolean isFirst(PixelTask task) {
        return task.equals(pixels(tasks.getFirst()));
    }

    /** Episodes in all that a task is learned from; one's own counts among the others. */
    public int episodes(PixelTask task) {
        return isFirst(task) ? episodes : otherEpisodes;
    }

    public PlanetShape shape(Dynamics kind, int actions) {
        return new PlanetShape(kind, actions, sizes);
    }

    /** How models act when they are tried: with the planner that they learned with, without noise. */
    public Acting acting() {
        return learning.acting(0);
    }
}
