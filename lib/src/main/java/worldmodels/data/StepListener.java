package worldmodels.data;

/**
 * Watches a rollout step by step: recording, statistics. Called on the environments' threads, for different lanes at the same time and
 * for one lane in order, after the step and before the lane is reset; so keep lanes apart, and look at
 * {@code BatchedEnvironment.lane(step.lane())} freely. A failure here stops the rollout and reaches its caller.
 */
@FunctionalInterface
public interface StepListener {

    /** Watches nothing, at no cost. */
    StepListener NONE = step -> { };

    void onStep(Step step);

    /** Whether the listener reads observations, so that they are drawn even for a policy that does not look. */
    default boolean looks() {
        return false;
    }

    /** This listener, then another. */
    default StepListener and(StepListener other) {
        StepListener first = this;
        return new StepListener() {
            @Override
            public void onStep(Step step) {
                first.onStep(step);
                other.onStep(step);
            }

            @Override
            public boolean looks() {
                return first.looks() || other.looks();
            }
        };
    }
}
