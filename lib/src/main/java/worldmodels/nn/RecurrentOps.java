package worldmodels.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

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

    /**
     * Advances states by one step in place, without gradients.
     *
     * @param x (batch, in)
     * @param h (batch, hidden), overwritten
     * @param c (batch, hidden), overwritten
     */
    public static void lstmStep(NDArray x, NDArray h, NDArray c, NDArray input, NDArray recurrent, NDArray bias) {
        NDList nothing = TorchScript.function("lstmStep", """
                def forward(self, x: Tensor, h: Tensor, c: Tensor, wx: Tensor, wh: Tensor, b: Tensor) -> None:
                  gates = torch.addmm(torch.addmm(b, x, torch.t(wx)), h, torch.t(wh))
                  i, f, g, o = torch.chunk(gates, 4, 1)
                  _0 = torch.mul_(c, torch.sigmoid_(f))
                  _1 = torch.addcmul_(c, torch.sigmoid_(i), torch.tanh_(g))
                  _2 = torch.mul(torch.sigmoid_(o), torch.tanh(c), out=h)
                  return None
                """).call(x.getManager(), x, h, c, input, recurrent, bias);
        nothing.close();
    }

    /**
     * x Wᵀ + b without gradients, on any thread.
     *
     * @param x (batch, in)
     * @return (batch, out), attached to the manager of {@code x}
     */
    public static NDArray linearWithoutGradients(NDArray x, NDArray weight, NDArray bias) {
        return TorchScript.function("linear", """
                def forward(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
                  return torch.addmm(b, x, torch.t(w))
                """).call(x.getManager(), x, weight, bias).singletonOrThrow();
    }
}
