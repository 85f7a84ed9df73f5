package worldmodels.controller;

/**
 * a = squash(b2 + tanh(b1 + z W1) W2): the authors' "V model only with a hidden layer". Parameters: b1 (units), W1 (features, units), b2 (actions),
 * W2 (units, actions).
 *
 * @param featureSize length of z
 * @param units       hidden units; the authors have 40
 * @param squash      into the actions' bounds
 */
public record HiddenLayerController(int featureSize, int units, Squash squash) implements Controller {

    @Override
    public int parameterCount() {
        return (featureSize + 1) * units + (units + 1) * actions();
    }

    @Override
    public boolean usesHidden() {
        return false;
    }

    @Override
    public void act(float[] features, int offset, double[] parameters, double[] action, int actionOffset) {
        require(parameters);
        int actions = actions();
        int output = (featureSize + 1) * units;
        System.arraycopy(parameters, output, action, actionOffset, actions);
        for (int unit = 0, w2 = output + actions; unit < units; unit++, w2 += actions) {
            double sum = parameters[unit];
            for (int i = 0, w1 = units + unit; i < featureSize; i++, w1 += units) {
                sum += features[offset + i] * parameters[w1];
            }
            double hidden = StrictMath.tanh(sum);
            for (int a = 0; a < actions; a++) {
                action[actionOffset + a] += hidden * parameters[w2 + a];
            }
        }
        squash.apply(action, actionOffset);
    }
}
