package worldmodels.planet;

import java.util.Arrays;
import worldmodels.env.Transition;
import worldmodels.env.control.ControlEnvironment;
import worldmodels.env.control.ControlTask;

/** A control-suite task's true dynamics, continued from any snapshot; draws nothing, and repeats each action as PlaNet does. */
public final class ControlSimulator implements Simulator<ControlEnvironment.Snapshot> {

    private final ControlEnvironment environment;
    private final int actionRepeat;

    public ControlSimulator(ControlTask task) {
        this.environment = ControlEnvironment.ofState(task);
        this.actionRepeat = task.actionRepeat();
    }

    @Override
    public double play(ControlEnvironment.Snapshot state, double[] actions) {
        environment.restore(state);
        int size = environment.actionSpace().size();
        double reward = 0;
        for (int from = 0; from < actions.length; from += size) {
            double[] action = Arrays.copyOfRange(actions, from, from + size);
            for (int i = 0; i < actionRepeat; i++) {
                Transition transition = environment.step(action);
                reward += transition.reward();
                if (transition.ended()) {
                    return reward;
                }
            }
        }
        return reward;
    }

    @Override
    public void close() {
        environment.close();
    }
}
