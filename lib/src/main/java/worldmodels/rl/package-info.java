/**
 * Reinforcement learning without a model: DDPG, TD3 and SAC, one file each and in one order (settings, networks, act, store, update, target networks,
 * log), over what they share: a replay, hindsight, normalised observations, a squashed normal policy.
 */
package worldmodels.rl;
