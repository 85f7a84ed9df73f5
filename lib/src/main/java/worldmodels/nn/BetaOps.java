package worldmodels.nn;

import ai.djl.ndarray.NDArray;

/** The Beta distribution on (0, 1), whose gamma functions DJL lacks the derivatives of. Each number by itself, differentiable. */
public final class BetaOps {

    private BetaOps() {}

    /**
     * (α - 1) ln x + (β - 1) ln (1 - x) - ln B(α, β).
     *
     * @param x within (0, 1); no gradient passes to it
     */
    public static NDArray logDensity(NDArray x, NDArray alpha, NDArray beta) {
        return TorchScript.function("betaLogDensity", """
                def forward(self, x: Tensor, a: Tensor, b: Tensor) -> Tensor:
                  volume = torch.sub(torch.add(torch.lgamma(a), torch.lgamma(b)), torch.lgamma(torch.add(a, b)))
                  left = torch.mul(torch.sub(a, 1), torch.log(x))
                  right = torch.mul(torch.sub(b, 1), torch.log1p(torch.neg(x)))
                  return torch.sub(torch.add(left, right), volume)
                """).apply(x, alpha, beta);
    }

    /** ln B(α, β) - (α - 1) ψ(α) - (β - 1) ψ(β) + (α + β - 2) ψ(α + β), in nats. */
    public static NDArray entropy(NDArray alpha, NDArray beta) {
        return TorchScript.function("betaEntropy", """
                def forward(self, a: Tensor, b: Tensor) -> Tensor:
                  both = torch.add(a, b)
                  volume = torch.sub(torch.add(torch.lgamma(a), torch.lgamma(b)), torch.lgamma(both))
                  left = torch.mul(torch.sub(a, 1), torch.digamma(a))
                  right = torch.mul(torch.sub(b, 1), torch.digamma(b))
                  middle = torch.mul(torch.sub(both, 2), torch.digamma(both))
                  return torch.add(torch.sub(torch.sub(volume, left), right), middle)
                """).apply(alpha, beta);
    }
}
