package worldmodels.controller;

import worldmodels.run.KitException;

/**
 * A policy of a few hundred parameters from features to actions within their bounds ({@link Squash}). Stateless: it acts by the parameter vector of the
 * call, so one controller serves all candidates of a population and all threads at once. Acting allocates nothing.
 *
 * <p>Parameter vectors have the authors' layout, layer by layer: the layer's biases, then its weights (inputs, outputs) in row-major order.
 */
public sealed interface Controller permits LinearController, HiddenLayerController {

    /** Length of the features: z, or z followed by h. */
    int featureSize();

    /** From raw outputs to the action. */
    Squash squash();

    /** Length of an action. */
    default int actions() {
        return squash().size();
    }

    /** Length of a parameter vector. */
    int parameterCount();

    /** Whether the features are [z h], so that acting needs M's hidden state. */
    boolean usesHidden();

    /**
     * Acts once.
     *
     * @param features     holds {@code featureSize()} values from {@code offset} on; z first
     * @param parameters   {@code parameterCount()} values; other lengths are refused
     * @param action       receives {@link #actions} values from {@code actionOffset} on
     * @throws KitException if the parameter vector belongs to another controller
     */
    void act(float[] features, int offset, double[] parameters, double[] action, int actionOffset);

    /** @throws KitException if the vector's length is not {@code parameterCount()} */
    default void require(double[] parameters) {
        if (parameters.length != parameterCount()) {
            throw new KitException("This controller has " + parameterCount() + " parameters over " + featureSize()
                    + " features, the vector given has " + parameters.length + "; use the vector that was evolved for these features.");
        }
    }
}
