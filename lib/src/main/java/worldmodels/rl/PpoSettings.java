package worldmodels.rl;

import worldmodels.run.Settings.Above;
import worldmodels.run.Settings.Least;
import worldmodels.run.Settings.Most;
import worldmodels.run.Settings.Section;

/**
 * How PPO learns.
 *
 * @param horizon               decisions of each lane before an update
 * @param epochs                times that an update goes through what they saw
 * @param minibatch             decisions of one step of Adam; divides lanes times horizon
 * @param learningRate          of Adam, at first
 * @param annealed              whether it falls in a straight line to 0
 * @param discount              γ
 * @param lambda                λ of the advantages
 * @param clip                  ε of the objective
 * @param valueLoss             how the critic's error counts
 * @param valueWeight           and how much
 * @param entropy               how much a nat of entropy counts
 * @param gradientNorm          the most that all gradients have together
 * @param klStop                an update ends after an epoch whose mean divergence is above this; 0 never ends one early
 * @param normalisedObservations vectors are seen less their running mean, in running deviations
 * @param normalisedReturns     rewards are in deviations of the running discounted return
 * @param policy                what actions are drawn from
 * @param logDeviation          ln σ at first, of the Gaussian ones
 * @param temperature           τ: actions are drawn from π^(1/τ). The PPO report samples at 1.15 and does not say what is divided by it; so the policy itself is
 *                              the tempered one, and ratios stay those of what acts
 * @param attention             in the critic
 */
@Section("ppo")
public record PpoSettings(@Least(1) int horizon, @Least(1) int epochs, @Least(2) int minibatch, @Above(0) double learningRate, boolean annealed,
        @Least(0) @Most(1) double discount, @Least(0) @Most(1) double lambda, @Above(0) double clip, ValueLoss valueLoss, @Least(0) double valueWeight,
        @Least(0) double entropy, @Above(0) double gradientNorm, @Least(0) double klStop, boolean normalisedObservations, boolean normalisedReturns,
        PolicyKind policy, @Least(-5) @Most(1) double logDeviation, @Above(0) double temperature, Attention attention) {

    public PpoSettings {
        Learning.require(learningRate > 0 && Double.isFinite(learningRate), "a learning rate of " + learningRate, "it must be a number above 0");
        Learning.require(horizon >= 1 && epochs >= 1 && minibatch >= 2, "updates of " + horizon + " decisions, " + epochs + " epochs and minibatches of " + minibatch,
                "a minibatch has at least 2, the others at least 1");
        Learning.require(temperature > 0, "a temperature of " + temperature, "it must be above 0");
    }
}
