package worldmodels.planet;

import worldmodels.run.Settings;
import worldmodels.run.Settings.Above;
import worldmodels.run.Settings.Before;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Most;

/**
 * How a model learns.
 *
 * @param batch        sequences per update, 50 in the paper
 * @param chunk        steps of each, 50
 * @param learningRate of Adam, 1e-3
 * @param epsilon      of Adam, 1e-4
 * @param clip         bound of the gradients' common norm, 1000
 * @param averaging    of the weights that act: how much of the mean so far each update leaves; 0 acts with the weights themselves
 * @param objective    what is minimised
 * @param depth        of the pixels
 * @param collecting   of episodes between updates
 * @param planner      that acts
 * @param imagining    how its candidates are imagined
 */
@Settings.Section("planet")
public record PlanetSettings(@Least(1) int batch, @Least(2) int chunk, @Above(0) double learningRate, @Above(0) double epsilon, @Above(0) double clip,
        @Least(0) @Most(0.9999) @Before("0") double averaging, Objective objective, PixelDepth depth, Collecting collecting, CrossEntropyPlanner.Settings planner,
        Imagining imagining) {

    /** Acting with the planner and imagination that a model learns with. @param noise on actions within [-1, 1] */
    public Acting acting(double noise) {
        return new Acting(planner, imagining, noise);
    }
}
