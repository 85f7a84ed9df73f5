package worldmodels.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;

/** The negative log-likelihood of Gaussian mixtures together with its gradient, which autograd would need ten passes over memory for. */
public final class MixtureOps {

    private MixtureOps() {}

    /**
     * @param total    the negative log-likelihood in nats, summed over rows (by weight) and dimensions; a scalar
     * @param gradient of {@code total} with respect to the outputs; zero in columns after the mixtures'
     */
    public record Likelihood(NDArray total, NDArray gradient) {}

    /**
     * For every row and dimension, with mixture weights softmax(a) and log σ bounded to ±{@code bound}:
     *
     * <pre>
     *   L = -log Σₖ exp(log softmax(a)ₖ + log N(y; μₖ, σₖ))       rₖ = the k-th term's share (responsibility), eₖ = (y - μₖ) / σₖ
     *   dL/da = softmax(a) - r        dL/dμ = -r e / σ        dL/dlog σ = r (1 - e²), 0 where the bound holds log σ
     * </pre>
     *
     * <p>Bishop 1994, Mixture Density Networks, equations 31 to 39. Rows are worked through in pieces that fit the processor's cache.
     *
     * @param outputs (rows, at least 3 * K * Z): a, μ and log σ, each (K, Z) with the dimension innermost
     * @param targets y (rows, Z)
     * @param weights (rows), e.g. 0 for padding
     */
    public static Likelihood negativeLogLikelihood(NDManager manager, NDArray outputs, NDArray targets, NDArray weights, int components,
            float bound) {
        NDList result = TorchScript.function("mixtureLikelihood", """
                def forward(self, out: Tensor, y: Tensor, w: Tensor, K: int, bound: float) -> Tuple[Tensor, Tensor]:
                  n = torch.size(out, 0)
                  Z = torch.size(y, 1)
                  grad = torch.zeros_like(out)
                  total = torch.new_zeros(out, [])
                  for piece in range((n + 499) // 500):
                    a = piece * 500
                    rows = min(500, n - a)
                    o = torch.reshape(torch.narrow(torch.narrow(out, 0, a, rows), 1, 0, 3 * K * Z), [rows, 3 * K, Z])
                    d = torch.narrow(torch.narrow(grad, 0, a, rows), 1, 0, 3 * K * Z)
                    wp = torch.reshape(torch.narrow(w, 0, a, rows), [rows, 1, 1])
                    logits, mu, raw = torch.split(o, K, 1)
                    logsigma = torch.clamp(raw, -bound, bound)
                    inverse = torch.exp(torch.neg(logsigma))
                    e = torch.mul_(torch.sub(torch.reshape(torch.narrow(y, 0, a, rows), [rows, 1, Z]), mu), inverse)
                    e2 = torch.mul(e, e)
                    logpi = torch.log_softmax(logits, 1)
                    terms = torch.sub_(torch.sub(logpi, e2, alpha=0.5), logsigma)
                    ll = torch.logsumexp(terms, [1], True)
                    _0 = torch.sub_(total, torch.sum(torch.mul(torch.sub(ll, 0.91893853320467274), wp)))
                    r = torch.exp_(torch.sub_(terms, ll))
                    da = torch.sub(torch.exp_(logpi), r)
                    dmu = torch.neg_(torch.mul_(torch.mul_(e, inverse), r))
                    ds = torch.mul_(torch.mul_(torch.rsub(e2, 1), r), torch.eq(logsigma, raw))
                    g = torch.mul_(torch.cat([da, dmu, ds], 1), wp)
                    _1 = torch.copy_(d, torch.reshape(g, [rows, 3 * K * Z]))
                  return (total, grad)
                """).call(manager, outputs, targets, weights, components, bound);
        return new Likelihood(result.get(0), result.get(1));
    }
}
