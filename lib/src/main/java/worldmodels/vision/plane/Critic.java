package worldmodels.vision.plane;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import worldmodels.nn.Adam;
import worldmodels.nn.Gradients;
import worldmodels.nn.Layers;
import worldmodels.nn.Layers.Mlp;
import worldmodels.nn.Noise;
import worldmodels.nn.Optimiser;
import worldmodels.nn.Parameters;
import worldmodels.nn.RmsProp;
import worldmodels.nn.TorchOps;

/**
 * The network that looks at points. With data x and points y of a generator, it makes small
 *
 * <pre>
 * GAN             -E ln σ(f(x)) - E ln(1 - σ(f(y)))
 * WGAN, clipped    E f(y) - E f(x),                          then each weight is held to [-clip, clip]
 * WGAN-GP          E f(y) - E f(x) + λ E (|∇f(u)| - 1)²      u evenly between an x and a y
 * </pre>
 *
 * and the generator, with the critic frozen, -E ln σ(f(y)), or -E f(y).
 */
final class Critic implements AutoCloseable {

    private static final float BETA1 = 0.5f;
    private static final float BETA2 = 0.9f;
    private static final float EPSILON = 1e-8f;
    private static final float MEAN_SQUARE_DECAY = 0.99f;

    private final PlaneMethod method;
    private final PlaneSettings settings;
    private final Parameters parameters;
    private final Mlp network;
    private final Optimiser optimiser;

    Critic(NDManager parent, PlaneMethod method, PlaneSettings settings, long seed) {
        this.method = method;
        this.settings = settings;
        parameters = new Parameters(parent);
        network = new Layers(parameters, seed).in("critic").mlp(2, PlaneSettings.HIDDEN_LAYERS, settings.width(), 1);
        optimiser = (method == PlaneMethod.WGAN_CLIPPED ? new RmsProp(parameters, settings.learningRate(), MEAN_SQUARE_DECAY)
                : adam(parameters, settings)).of("critic");
    }

    /** Of either side of a game: little memory of directions. */
    static Adam adam(Parameters parameters, PlaneSettings settings) {
        return new Adam(parameters, settings.learningRate(), BETA1, BETA2, EPSILON);
    }

    Parameters parameters() {
        return parameters;
    }

    Optimiser optimiser() {
        return optimiser;
    }

    Mlp network() {
        return network;
    }

    /**
     * One step.
     *
     * @param x    data, (batch, 2)
     * @param y    of the generator, (batch, 2), a constant
     * @param seed of the places between them
     * @return what it says of the distance: E f(x) - E f(y), or for a GAN ln 2 less half of its loss, which is an estimate of the Jensen-Shannon
     *     divergence
     */
    float learn(NDArray x, NDArray y, long seed) {
        NDManager step = x.getManager();
        parameters.lendTo(step);
        try (Gradients.Tape tape = Gradients.record()) {
            NDArray onData = network.apply(x);
            NDArray onPoints = network.apply(y);
            NDArray loss = method == PlaneMethod.GAN ? Activation.softPlus(onData.neg()).mean().add(Activation.softPlus(onPoints).mean())
                    : onPoints.mean().sub(onData.mean());
            float value = loss.toFloatArray()[0];
            if (method.measuresDistance()) {
                NDArray share = Noise.uniform(step, new Shape(x.getShape().get(0), 1), 0, 1, seed);
                NDArray between = x.sub(y).mul(share).add(y);
                loss = loss.add(TorchOps.times(Slope.penalty(network, between), settings.penalty()));
            }
            tape.backward(loss);
            optimiser.step();
            if (method == PlaneMethod.WGAN_CLIPPED) {
                parameters.clamp(settings.clip());
            }
            return method == PlaneMethod.GAN ? (float) Math.log(2) - value / 2 : -value;
        }
    }

    /** What the generator pays for these points; no gradient reaches the critic. A scalar. */
    NDArray price(NDArray y) {
        parameters.lendTo(y.getManager());
        NDArray verdict = network.frozen().apply(y).neg();
        return (method == PlaneMethod.GAN ? Activation.softPlus(verdict) : verdict).mean();
    }

    @Override
    public void close() {
        optimiser.close();
        parameters.close();
    }
}
