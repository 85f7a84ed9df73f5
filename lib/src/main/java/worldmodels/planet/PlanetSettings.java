package worldmodels.planet;

import worldmodels.run.Settings;
import worldmodels.run.Settings.Above;
import worldmodels.run.Settings.Key;
import worldmodels.run.Settings.Least;

/**
 * How a model learns.
 *
 * @param batch                sequences per update, 50 in the paper
 * @param chunk                steps of each, 50
 * @param learningRate         of Adam, 1e-3
 * @param epsilon              of Adam, 1e-4
 * @param clip                 bound of the gradients' common norm, 1000
 * @param freeNats             divergence that costs nothing, 3
 * @param imageLoss            weight of the pictures
 * @param rewardScale          weight of the rewards
 * @param depth                of the pixels
 * @param overshootingDistance D of latent overshooting; the authors' code trains without
 * @param overshootingWeight   β of all distances
 * @param collecting           of episodes between updates
 * @param planner              that acts
 */
@Settings.Section("planet")
public record PlanetSettings(@Least(1) int batch, @Least(2) int chunk, @Above(0) double learningRate, @Above(0) double epsilon, @Above(0) double clip,
        @Least(0) double freeNats, ImageLoss imageLoss, RewardScale rewardScale, PixelDepth depth,
        @Least(0) @Key("planet.overshooting") int overshootingDistance, @Least(0) double overshootingWeight, Collecting collecting,
        CrossEntropyPlanner.Settings planner) {

    Overshooting overshooting() {
        return Overshooting.upTo(overshootingDistance, overshootingWeight);
    }
}
