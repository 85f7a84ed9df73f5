package worldmodels.rl;

import worldmodels.run.KitException;
import worldmodels.run.Settings.Section;

/**
 * The settings that DDPG, TD3 and SAC have in common. For Panda reach 2 x 64, 0.001, 0.95, 0.05, 256, 1000 starts, normalised, 4 goals are known to work
 * (RL Baselines3 Zoo's TQC).
 *
 * @param layers       hidden layers of each network
 * @param width        of a hidden layer
 * @param learningRate of Adam, for every network
 * @param discount     γ
 * @param polyak       τ: how far the target networks follow at an update
 * @param batch        transitions of an update
 * @param capacity     transitions that the replay holds, hindsight's included
 * @param starts       steps with uniformly random actions before the first update; then there is one update per step
 * @param normalised   whether networks see observations less their running mean, in running standard deviations
 * @param goals        hindsight goals of each transition (k); 0 for none
 * @param tests        episodes without noise that a point of the curve measures; 0 for none
 */
@Section("rl")
public record Learning(int layers, int width, double learningRate, double discount, double polyak, int batch, int capacity, int starts,
        boolean normalised, int goals, int tests) {

    /** @throws KitException that names what is out of its bounds */
    public Learning {
        require(layers >= 1 && width >= 1, "networks of " + layers + " hidden layers of " + width + " units", "both must be at least 1");
        require(learningRate > 0, "a learning rate of " + learningRate, "it must be above 0");
        require(discount >= 0 && discount < 1, "a discount of " + discount, "it must be at least 0 and below 1");
        require(polyak > 0 && polyak <= 1, "target networks that follow at a rate of " + polyak, "it must be above 0 and at most 1");
        require(batch >= 1 && starts >= 1, "batches of " + batch + " after " + starts + " random steps", "both must be at least 1");
        require(goals >= 0 && tests >= 0, goals + " hindsight goals and " + tests + " test episodes", "neither may be below 0");
    }

    /** @throws KitException that names what is not possible, and the remedy */
    static void require(boolean isPossible, String what, String remedy) {
        if (!isPossible) {
            throw new KitException("Learning with " + what + " is not possible; " + remedy + ".");
        }
    }
}
