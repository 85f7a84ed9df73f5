package worldmodels.nn;

import ai.djl.ndarray.NDArray;

/** Arithmetic that DJL lacks or gets wrong, differentiable. */
public final class TorchOps {

    private TorchOps() {}

    /**
     * x · factor. Differentiable, unlike DJL's {@code x.mul(number)} (and {@code div}, {@code pow}, {@code maximum}, {@code minimum}): DJL puts the
     * number into Java's memory, from which PyTorch reads it once more in the backward pass, and lets go of it at once; if Java's collector comes in
     * between, the gradient is multiplied with whatever is there by then. Here the number lives as long as x's manager.
     */
    public static NDArray times(NDArray x, double factor) {
        return x.mul(x.getManager().create((float) factor));
    }

    /** max(x, least), element by element. Differentiable, as {@link #times} is. */
    public static NDArray atLeast(NDArray x, double least) {
        return x.maximum(x.getManager().create((float) least));
    }

    /** max(least, min(x, most)), likewise. */
    public static NDArray within(NDArray x, double least, double most) {
        return atLeast(x, least).minimum(x.getManager().create((float) most));
    }

    /** x · sigmoid(x). Differentiable. */
    public static NDArray swish(NDArray x) {
        return TorchScript.function("swish", """
                def forward(self, x: Tensor) -> Tensor:
                  return torch.silu(x)
                """).apply(x);
    }
}
