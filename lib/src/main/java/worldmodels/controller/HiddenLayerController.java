package worldmodels.controller;

/**
 * a = tanh(b2 + tanh(b1 + z W1) W2), squashed into the car's ranges: the authors' "V model only with a hidden layer". Parameters:
 * b1 (units), W1 (features, units), b2 (3), W2 (units, 3).
 *
 * @param featureSize length of z
 * @param units       hidden units; the authors have 40
 */
public record HiddenLayerController(int featureSize, int units) implements Controller {

    @Override
    public int parameterCount() {
        return (featureSize + 1) * units + (units + 1) * CarActions.COUNT;
    }

    @Override
    public boolean usesHidden() {
        return false;
    }

    @Override
    public void act(float[] features, int offset, double[] parameters, double[] action, int actionOffset) {
        require(parameters);
        int output = (featureSize + 1) * units;
        double steer = parameters[output];
        double gas = parameters[output + 1];
        double brake = parameters[output + 2];
        for (int unit = 0, w2 = output + CarActions.COUNT; unit < units; unit++, w2 += CarActions.COUNT) {
            double sum = parameters[unit];
            for (int i = 0, w1 = units + unit; i < featureSize; i++, w1 += units) {
                sum += features[offset + i] * parameters[w1];
            }
            double hidden = StrictMath.tanh(sum);
            steer += hidden * parameters[w2];
            gas += hidden * parameters[w2 + 1];
            brake += hidden * parameters[w2 + 2];
        }
        action[actionOffset] = steer;
        action[actionOffset + 1] = gas;
        action[actionOffset + 2] = brake;
        CarActions.squash(action, actionOffset);
    }
}
