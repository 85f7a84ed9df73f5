/** PPO on what the world model sees, and on pixels: what is learned, kept, scored and drawn. */
package worldmodels.study.ppo;
