package worldmodels.planet;

import worldmodels.run.Settings;
import worldmodels.run.Settings.Least;

/**
 * How large a PlaNet model is.
 *
 * @param belief           deterministic part h, 200 in the paper
 * @param state            stochastic part s, 30
 * @param hidden           width of the dense layers in the dynamics, 200
 * @param minimumDeviation of s, 0.1
 * @param channels         of the encoder's first layer, 32; all other image layers follow
 * @param rewardLayers     hidden layers of the reward network: 3 (authors) or 2 (Kaixhin)
 * @param rewardHidden     their width: 300 or 200
 */
@Settings.Section("planet")
public record PlanetSizes(@Least(1) int belief, @Least(1) int state, @Least(1) int hidden, @Least(0) double minimumDeviation, @Least(1) int channels,
        @Least(0) int rewardLayers, @Least(1) int rewardHidden) {}
