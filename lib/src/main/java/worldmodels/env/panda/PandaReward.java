package worldmodels.env.panda;

/** What {@link PandaReach} rewards, given the distance between tool and goal. */
public enum PandaReward {

    /** -1 farther than 5 cm from the goal, else 0. */
    SPARSE,

    /** The distance in metres, negative. */
    DENSE;

    double of(double distance) {
        return switch (this) {
            case SPARSE -> distance > PandaReach.NEAR ? -1 : 0;
            case DENSE -> -distance;
        };
    }
}
