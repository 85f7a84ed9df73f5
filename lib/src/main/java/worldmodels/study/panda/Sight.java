package worldmodels.study.panda;

import java.nio.FloatBuffer;
import java.util.function.IntFunction;
import worldmodels.agent.LatentEnvironments.Beside;
import worldmodels.env.GoalEnvironment;
import worldmodels.env.Space;

/** What C sees of a goal. */
public enum Sight {

    /** [z h] and the goal, stretched over [-1, 1] in each direction. */
    GOAL("z, h and the goal"),

    /** [z h] alone: what V has kept of the green ball. */
    PICTURES("z and h");

    private final String label;

    Sight(String label) {
        this.label = label;
    }

    /** As tables have it. */
    public String label() {
        return label;
    }

    /** What stands after [z h]. @param lane the task in a lane */
    Beside beside(IntFunction<GoalEnvironment> lane) {
        return new Beside() {

            @Override
            public int size() {
                return Sight.this == GOAL ? lane.apply(0).goalSpace().size() : 0;
            }

            @Override
            public void put(int number, FloatBuffer target) {
                if (Sight.this == GOAL) {
                    Space goals = lane.apply(number).goalSpace();
                    double[] goal = lane.apply(number).desiredGoal();
                    for (int i = 0; i < goal.length; i++) {
                        target.put((float) (2 * (goal[i] - goals.low(i)) / (goals.high(i) - goals.low(i)) - 1));
                    }
                }
            }
        };
    }
}
