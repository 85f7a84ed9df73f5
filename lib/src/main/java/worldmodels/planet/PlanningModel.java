package worldmodels.planet;

import ai.djl.ndarray.NDArray;

/** What a planner asks: how much reward would these actions bring? Answered by a learned model, a simulator or a formula. */
public interface PlanningModel {

    /**
     * @param actions (horizon, lanes, candidates, action size), each within [-1, 1]
     * @param seeds   of what is random in the answer, one per lane
     * @return sums of rewards over the horizon, (lanes, candidates), attached to the manager of the actions
     */
    NDArray returns(NDArray actions, long[] seeds);
}
