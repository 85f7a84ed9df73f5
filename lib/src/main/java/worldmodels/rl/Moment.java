package worldmodels.rl;

/**
 * One step as it is remembered.
 *
 * @param observation what was seen before the action
 * @param action      within [-1, 1]
 * @param next        what was seen after it
 * @param terminated  the task ended, so that no reward follows; an episode that was cut off is worth what would have followed
 */
public record Moment(float[] observation, float[] action, double reward, float[] next, boolean terminated) {}
