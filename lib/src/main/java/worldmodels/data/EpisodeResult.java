package worldmodels.data;

import java.io.Serializable;

/**
 * How one episode went.
 *
 * @param job           the episode
 * @param episodeReturn the sum of its rewards
 * @param length        number of steps
 * @param terminated    the task itself ended
 * @param truncated     it was cut off (time limit; in CarRacing V2 also a finished lap)
 */
public record EpisodeResult(EpisodeJob job, double episodeReturn, int length, boolean terminated, boolean truncated) implements Serializable {}
