package worldmodels.env;

/**
 * An environment whose reward depends on a goal, which its state achieves or not (Gymnasium-Robotics' {@code GoalEnv}; Plappert et al. 2018,
 * arXiv 1802.09464). Because the reward is a function of the two goals alone, a transition may be judged again as if another goal had been
 * wanted: hindsight (Andrychowicz et al. 2017, arXiv 1707.01495).
 *
 * <p>A vector observation ends with the achieved goal and then the desired one, {@code goalSpace().size()} numbers each, so that a stored
 * observation gets another goal by overwriting its end.
 */
public interface GoalEnvironment extends Environment {

    /** What a goal is. */
    Space goalSpace();

    /** What the current state achieves, as the agent observes it; a new array. */
    double[] achievedGoal();

    /** What is wanted in this episode; a new array. */
    double[] desiredGoal();

    /**
     * The reward of a step that led to {@code achieved} when {@code desired} was wanted: {@link #step} gives just this for its own goal.
     */
    double reward(double[] achieved, double[] desired);

    /** Whether {@code achieved} is success when {@code desired} is wanted. */
    boolean isSuccess(double[] achieved, double[] desired);

    /** Whether success terminates an episode; a transition that is judged for another goal then terminates where that one is achieved. */
    boolean endsAtSuccess();
}
