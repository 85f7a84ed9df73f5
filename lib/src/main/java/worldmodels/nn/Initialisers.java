package worldmodels.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * First values of parameters. Each depends on its seed and shape alone; name the seed after the parameter
 * ({@code Seeds.named(seed, "enc_conv1.weight")}).
 */
public final class Initialisers {

    private Initialisers() {}

    /**
     * Glorot and Bengio 2010: even in ±√(6 / (in + out)). The default of TensorFlow's layers, hence what the World Models authors' networks
     * started from; a convolution counts its kernel's area in both.
     */
    public static NDArray glorotUniform(NDManager manager, Shape shape, long in, long out, long seed) {
        return symmetric(manager, shape, Math.sqrt(6.0 / (in + out)), seed);
    }

    /** PyTorch's default for weights and biases of linear layers and convolutions: even in ±1/√in. */
    public static NDArray kaimingUniform(NDManager manager, Shape shape, long in, long seed) {
        return symmetric(manager, shape, 1 / Math.sqrt(in), seed);
    }

    /** Even in [-bound, bound). */
    public static NDArray symmetric(NDManager manager, Shape shape, double bound, long seed) {
        return TorchOps.uniform(manager, shape, (float) -bound, (float) bound, seed);
    }

    /** Normal with this standard deviation. */
    public static NDArray normal(NDManager manager, Shape shape, double deviation, long seed) {
        NDArray values = TorchOps.normal(manager, shape, seed);
        return values.muli(deviation);
    }

    /** Saxe et al. 2014: orthonormal rows, or columns if there are fewer. */
    public static NDArray orthogonal(NDManager manager, long rows, long columns, long seed) {
        return TorchOps.orthogonal(manager, rows, columns, seed);
    }

    public static NDArray zeros(NDManager manager, long... shape) {
        return manager.zeros(new Shape(shape));
    }
}
