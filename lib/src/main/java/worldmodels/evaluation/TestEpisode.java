package worldmodels.evaluation;

/**
 * One test episode.
 *
 * @param run   which training's agent drove: the seed of its chain
 * @param track the environment's seed
 * @param score undiscounted return
 * @param steps environment steps
 */
public record TestEpisode(long run, long track, double score, int steps) {}
