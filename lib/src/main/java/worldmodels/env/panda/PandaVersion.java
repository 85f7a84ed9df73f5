package worldmodels.env.panda;

/** Which PandaReach: arm, goals and rewards are the same, so that a policy can move from one to the other, but returns cannot be compared. */
public enum PandaVersion {

    /** panda-gym 2: every episode has 50 steps. Staying at the goal is part of the task. */
    V2,

    /** panda-gym 3: success terminates the episode. */
    V3
}
