package worldmodels.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;

/**
 * Adamax (Kingma and Ba 2015, algorithm 2: Adam with the greatest past gradient in place of the root of the mean square), with a
 * decay of the weights that acts as a part of the gradient, as PyTorch has it:
 *
 * <pre>
 * g = g + decay p        m = beta1 m + (1 - beta1) g        u = max(beta2 u, |g| + epsilon)
 * p = p - rate / (1 - beta1^t) · m / u
 * </pre>
 */
public final class Adamax extends Optimiser {

    private static final float BETA1 = 0.9f;
    private static final float BETA2 = 0.999f;

    private final float epsilon;
    private final float decay;

    /** With the paper's beta 0.9 and 0.999. */
    public Adamax(Parameters parameters, float learningRate, float epsilon, float decay) {
        super(parameters, learningRate, "adamax", "mean", "greatest");
        this.epsilon = epsilon;
        this.decay = decay;
    }

    @Override
    void update(NDManager scratch, NDList parameters, NDList gradients, NDList mean, NDList greatest, NDArray steps, float learningRate) {
        TorchOps.adamaxStep(scratch, parameters, gradients, mean, greatest, steps, learningRate, BETA1, BETA2, epsilon, decay);
    }
}
