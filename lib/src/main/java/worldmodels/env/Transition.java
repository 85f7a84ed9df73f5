package worldmodels.env;

/**
 * The outcome of one step.
 *
 * @param reward     the step's reward
 * @param terminated the task itself ended; no value follows
 * @param truncated  the episode was cut off (time limit; in CarRacing V2 also a finished lap); the state still has value
 */
public record Transition(double reward, boolean terminated, boolean truncated) {

    public boolean ended() {
        return terminated || truncated;
    }
}
