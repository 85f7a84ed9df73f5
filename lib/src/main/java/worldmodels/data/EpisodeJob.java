package worldmodels.data;

import java.io.Serializable;

/**
 * One episode to play.
 *
 * @param candidate which member of a population acts; 0 for a single policy
 * @param seed      the environment's seed, 0 or greater; a policy's own randomness derives from it too
 */
public record EpisodeJob(int candidate, long seed) implements Serializable {}
