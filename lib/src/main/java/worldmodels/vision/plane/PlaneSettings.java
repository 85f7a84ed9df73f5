package worldmodels.vision.plane;

import worldmodels.run.Settings.Above;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Section;

/**
 * How a model of points learns.
 *
 * @param width        units of each hidden layer; every network has two
 * @param noise        numbers that a generator starts from
 * @param batch        points per step of either side
 * @param criticSteps  of a Wasserstein critic before each of the generator
 * @param learningRate of all networks
 * @param clip         bound of a clipped critic's weights
 * @param penalty      λ of the gradient penalty
 * @param deviation    of the VAE's likelihood
 * @param gamma        what the VAE's likelihood counts in its decoder where the critic counts 1
 */
@Section("plane")
public record PlaneSettings(@Least(1) int width, @Least(1) int noise, @Least(1) int batch, @Least(1) int criticSteps, @Above(0) float learningRate,
        @Above(0) float clip, @Above(0) float penalty, @Above(0) float deviation, @Above(0) float gamma) {

    static final int HIDDEN_LAYERS = 2;
}
