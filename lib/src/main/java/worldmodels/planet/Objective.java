package worldmodels.planet;

import worldmodels.run.Settings.Above;
import worldmodels.run.Settings.Before;
import worldmodels.run.Settings.Key;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Most;
import worldmodels.run.Settings.Section;

/**
 * What is minimised.
 *
 * @param freeNats            divergence that costs nothing, 3 in the paper
 * @param divergence          how the rest of it costs
 * @param posteriorWeight     of the posterior's side, where it is balanced
 * @param imageLoss           weight of the pictures
 * @param decoded             share of the steps whose pictures are decoded, chosen anew for each update
 * @param rewardScale         weight of the rewards
 * @param rewardAhead         steps without a picture after which rewards are still to be told; 0 is without
 * @param overshootingDistance D of latent overshooting; the authors' code trains without
 * @param overshootingWeight   β of all distances
 */
@Section("planet")
public record Objective(@Least(0) double freeNats, @Key("planet.divergence") @Before("TOGETHER") DivergenceLoss divergence,
        @Least(0) @Before("0.1") double posteriorWeight, ImageLoss imageLoss, @Above(0) @Most(1) @Before("1") double decoded, RewardScale rewardScale,
        @Least(0) @Before("0") int rewardAhead, @Least(0) @Key("planet.overshooting") int overshootingDistance, @Least(0) double overshootingWeight) {

    Overshooting overshooting() {
        return Overshooting.upTo(overshootingDistance, overshootingWeight);
    }
}
