package worldmodels.study.panda;

/**
 * One test episode.
 *
 * @param run           training seed of what acted
 * @param goal          the environment's seed, which decides the goal
 * @param episodeReturn sum of rewards
 * @param length        steps
 * @param first         the step after which the tool was within 5 cm for the first time; {@link #NEVER} where it never was
 * @param atEnd         whether it was there after the last step: success
 */
public record Reach(long run, long goal, double episodeReturn, int length, int first, boolean atEnd) {

    public static final int NEVER = 0;
}
