package worldmodels.controller;

/**
 * a = tanh(b + x W), squashed into the car's ranges (Ha and Schmidhuber 2018, equation 1). Parameters: b (3), then W (features, 3).
 *
 * @param featureSize length of x
 * @param usesHidden  whether x is [z h] rather than z
 */
public record LinearController(int featureSize, boolean usesHidden) implements Controller {

    @Override
    public int parameterCount() {
        return (featureSize + 1) * CarActions.COUNT;
    }

    @Override
    public void act(float[] features, int offset, double[] parameters, double[] action, int actionOffset) {
        require(parameters);
        double steer = parameters[0];
        double gas = parameters[1];
        double brake = parameters[2];
        for (int i = 0, w = CarActions.COUNT; i < featureSize; i++, w += CarActions.COUNT) {
            double x = features[offset + i];
            steer += x * parameters[w];
            gas += x * parameters[w + 1];
            brake += x * parameters[w + 2];
        }
        action[actionOffset] = steer;
        action[actionOffset + 1] = gas;
        action[actionOffset + 2] = brake;
        CarActions.squash(action, actionOffset);
    }
}
