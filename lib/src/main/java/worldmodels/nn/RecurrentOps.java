package worldmodels.nn;

import ai.djl.ndarray.NDArray;

/**
 * A long short-term memory with one bias vector, as TensorFlow's (PyTorch's and DJL's layers have two, which is 4 * hidden parameters
 * more). Gates are stacked in PyTorch's order: input, forget, candidate, output.
 *
 * <pre>
 *   i, f, g, o = split(x Wxᵀ + h Whᵀ + b)
 *   c' = σ(f) c + σ(i) tanh(g)        h' = σ(o) tanh(c')
 * </pre>
 */
public final class RecurrentOps {

    private RecurrentOps() {}

    /**
     * Runs sequences from a zero state. Differentiable.
     *
     * @param x         (time, batch, in)
     * @param input     Wx (4 * hidden, in)
     * @param recurrent Wh (4 * hidden, hidden)
     * @param bias      b (4 * hidden)
     * @return h after every step, (time, batch, hidden), attached to the manager of {@code x}
     */
    public static NDArray lstm(NDArray x, NDArray input, NDArray recurrent, NDArray bias) {
        return TorchScript.function("lstm", """
                def forward(self, x: Tensor, wx: Tensor, wh: Tensor, b: Tensor) -> Tensor:
                  zero = torch.new_zeros(x, [1, torch.size(x, 1), torch.size(wh, 1)])
                  out, h, c = torch.lstm(x, [zero, zero], [wx, wh, b, torch.zeros_like(b)], True, 1, 0., True, False, False)
                  return out
                """).apply(x, input, recurrent, bias);
    }
}
