package worldmodels.controller;

/**
 * a = squash(b + x W) (Ha and Schmidhuber 2018, equation 1). Parameters: b (actions), then W (features, actions).
 *
 * @param featureSize length of x
 * @param usesHidden  whether x is [z h] rather than z
 * @param squash      into the actions' bounds
 */
public record LinearController(int featureSize, boolean usesHidden, Squash squash) implements Controller {

    @Override
    public int parameterCount() {
        return (featureSize + 1) * actions();
    }

    @Override
    public void act(float[] features, int offset, double[] parameters, double[] action, int actionOffset) {
        require(parameters);
        int actions = actions();
        for (int a = 0; a < actions; a++) {
            double sum = parameters[a];
            for (int i = 0, w = actions + a; i < featureSize; i++, w += actions) {
                sum += features[offset + i] * parameters[w];
            }
            action[actionOffset + a] = sum;
        }
        squash.apply(action, actionOffset);
    }
}
