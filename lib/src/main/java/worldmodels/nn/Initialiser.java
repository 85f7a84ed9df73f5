package worldmodels.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** First values of a weight. They depend on seed and shape alone. */
@FunctionalInterface
public interface Initialiser {

    /**
     * Glorot and Bengio 2010: even in ±√(6 / (in + out)). The default of TensorFlow's layers, hence what the World Models and PlaNet authors' networks
     * started from.
     */
    Initialiser GLOROT = (manager, shape, in, out, seed) -> even(manager, shape, Math.sqrt(6.0 / (in + out)), seed);

    /** PyTorch's default for linear layers and convolutions: even in ±1/√in. */
    Initialiser KAIMING = (manager, shape, in, out, seed) -> even(manager, shape, 1 / Math.sqrt(in), seed);

    /** Normal with this standard deviation. */
    static Initialiser normal(double deviation) {
        return (manager, shape, in, out, seed) -> Noise.normal(manager, shape, seed).muli(deviation);
    }

    /** Saxe et al. 2014: orthonormal rows, or columns if there are fewer, times a gain; a kernel's numbers are one row for each output. */
    static Initialiser orthogonal(double gain) {
        return (manager, shape, in, out, seed) -> MatrixOps.orthogonal(manager, shape.get(0), shape.size() / shape.get(0), seed).muli(gain).reshape(shape);
    }

    /**
     * @param in  numbers that one output sees, a convolution's kernel counted in full
     * @param out numbers that one input reaches, likewise
     */
    NDArray draw(NDManager manager, Shape shape, long in, long out, long seed);

    private static NDArray even(NDManager manager, Shape shape, double bound, long seed) {
        return Noise.uniform(manager, shape, (float) -bound, (float) bound, seed);
    }
}
