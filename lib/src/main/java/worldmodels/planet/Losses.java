package worldmodels.planet;

import worldmodels.nn.Terms;

/**
 * What was minimised, as numbers; means over a batch or over the updates between two episodes.
 *
 * @param observation squared error per frame, summed over its 12,288 centred values
 * @param reward      squared error per step
 * @param divergence  of posterior and prior per step, in nats
 */
public record Losses(double observation, double reward, double divergence) {

    static Losses of(Terms terms) {
        return new Losses(terms.value(PlanetOptimiser.PICTURES), terms.value(PlanetOptimiser.REWARDS), terms.value(PlanetOptimiser.DIVERGENCE));
    }
}
