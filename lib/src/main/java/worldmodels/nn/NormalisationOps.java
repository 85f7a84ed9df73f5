package worldmodels.nn;

import ai.djl.ndarray.NDArray;
import java.util.Locale;

/** What holds a network's activations and weights to a size. */
public final class NormalisationOps {

    private NormalisationOps() {}

    /**
     * Batch normalisation over (batch, height, width), channel by channel (DJL's is the same with another convention for its momentum and
     * no way to stop a running mean). Differentiable.
     *
     * @param x        (batch, channels, height, width)
     * @param mean     running mean, (channels); with {@code training} moved by {@code momentum} towards the batch's in place
     * @param variance running variance (n - 1), likewise
     * @param training normalises with the batch's own mean and variance (n), else with the running ones
     */
    public static NDArray batchNorm(NDArray x, NDArray scale, NDArray shift, NDArray mean, NDArray variance, boolean training, double momentum,
            double epsilon) {
        return TorchScript.function("batchNorm " + training + " " + momentum + " " + epsilon, String.format(Locale.ROOT, """
                def forward(self, x: Tensor, scale: Tensor, shift: Tensor, mean: Tensor, variance: Tensor) -> Tensor:
                  return torch.batch_norm(x, scale, shift, mean, variance, %s, %s, %s, False)
                """, training ? "True" : "False", momentum, epsilon)).apply(x, scale, shift, mean, variance);
    }

    /**
     * The greatest singular value of a normalised convolution's weights as a matrix (out, in · kernel²), by power iteration. Differentiable in the
     * weights, with the singular vectors as constants.
     *
     * @param direction v, and {@code logLength} s, as {@link ConvolutionOps#normalisedConv2d} has them
     * @param right     the right singular vector so far, (in · kernel²); improved in place
     * @return a scalar
     */
    public static NDArray spectralNorm(NDArray direction, NDArray logLength, NDArray right, int iterations) {
        return TorchScript.function("spectralNorm " + iterations, String.format(Locale.ROOT, """
                def forward(self, direction: Tensor, s: Tensor, right: Tensor) -> Tensor:
                  w = torch._weight_norm(direction, torch.reshape(torch.exp(s), [-1, 1, 1, 1]), 0)
                  m = torch.flatten(w, 1)
                  fixed = torch.detach(m)
                  back = torch.permute(fixed, [1, 0])
                  r = right
                  for i in range(%d):
                    l = torch.mv(fixed, r)
                    l0 = torch.div(l, torch.add(torch.norm(l), 1e-12))
                    k = torch.mv(back, l0)
                    r = torch.div(k, torch.add(torch.norm(k), 1e-12))
                  u = torch.mv(fixed, r)
                  left = torch.div(u, torch.add(torch.norm(u), 1e-12))
                  torch.copy_(right, r)
                  return torch.dot(left, torch.mv(m, torch.detach(r)))
                """, iterations)).apply(direction, logLength, right);
    }

    /**
     * A weight divided by its greatest singular value, seen as a matrix (out, rest), after one power iteration (Miyato et al. 2018, algorithm 1).
     * Differentiable in the weight, with the singular vectors as constants.
     *
     * @param weight (out, ...)
     * @param right  the right singular vector so far, (rest); improved in place
     */
    public static NDArray spectrallyNormalised(NDArray weight, NDArray right) {
        return TorchScript.function("spectrallyNormalised", """
                def forward(self, weight: Tensor, right: Tensor) -> Tensor:
                  m = torch.flatten(weight, 1)
                  fixed = torch.detach(m)
                  l = torch.mv(fixed, right)
                  left = torch.div(l, torch.add(torch.norm(l), 1e-12))
                  k = torch.mv(torch.permute(fixed, [1, 0]), left)
                  r = torch.div(k, torch.add(torch.norm(k), 1e-12))
                  torch.copy_(right, r)
                  return torch.div(weight, torch.dot(left, torch.mv(m, r)))
                """).apply(weight, right);
    }
}
