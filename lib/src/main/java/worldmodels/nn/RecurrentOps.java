package worldmodels.nn;

import ai.djl.ndarray.NDArray;

/**
 * Recurrent layers, whole or by the step.
 *
 * <p>A long short-term memory with one bias vector, as TensorFlow's (PyTorch's and DJL's layers have two, which is 4 * hidden parameters
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

    /**
     * One step of a gated recurrent unit (Cho et al. 2014, with the reset gate after the product, as PyTorch and cuDNN have it). Gates are stacked as
     * reset, update, candidate. Differentiable; one call instead of fifteen, and on a GPU one kernel.
     *
     * <pre>
     *   r = σ(Wr x + br + Ur h + cr)      u = σ(Wu x + bu + Uu h + cu)
     *   n = tanh(Wn x + bn + r (Un h + cn))        h' = (1 - u) n + u h
     * </pre>
     *
     * @param x             (batch, in)
     * @param h             (batch, hidden)
     * @param input         W (3 * hidden, in)
     * @param recurrent     U (3 * hidden, hidden)
     * @param inputBias     b (3 * hidden)
     * @param recurrentBias c (3 * hidden)
     * @return h', (batch, hidden), attached to the manager of {@code x}
     */
    public static NDArray gruCell(NDArray x, NDArray h, NDArray input, NDArray recurrent, NDArray inputBias, NDArray recurrentBias) {
        return TorchScript.function("gruCell", """
                def forward(self, x: Tensor, h: Tensor, wx: Tensor, wh: Tensor, bx: Tensor, bh: Tensor) -> Tensor:
                  return torch.gru_cell(x, h, wx, wh, bx, bh)
                """).apply(x, h, input, recurrent, inputBias, recurrentBias);
    }
}
