/**
 * Reinforcement learning without a model: DDPG, TD3, SAC and PPO, one file each and in one order (settings, networks, act, store, update, target networks,
 * log), over what they share: normalised observations; of the first three a replay, hindsight and a squashed normal policy. PPO learns from what it has just
 * lived through.
 */
package worldmodels.rl;
