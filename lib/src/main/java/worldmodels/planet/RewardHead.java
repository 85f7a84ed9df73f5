package worldmodels.planet;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import java.util.ArrayList;
import java.util.List;
import worldmodels.nn.Parameters;

/** Features to the reward of the step that led there, p(r | h, s) = N(predicted, 1): dense layers with relu, and one number. */
final class RewardHead {

    private final List<Weights.Dense> hidden = new ArrayList<>();
    private final Weights.Dense output;

    RewardHead(Parameters parameters, int features, int layers, int width, long seed) {
        Weights weights = new Weights(parameters, "reward", seed);
        int in = features;
        for (int layer = 1; layer <= layers; layer++) {
            hidden.add(weights.dense("hidden" + layer, in, width));
            in = width;
        }
        this.output = weights.dense("output", in, 1);
    }

    /** @param features (rows, features); @return (rows) */
    NDArray predict(NDArray features) {
        NDArray h = features;
        for (Weights.Dense layer : hidden) {
            h = Activation.relu(layer.of(h));
        }
        return output.of(h).reshape(-1);
    }
}
