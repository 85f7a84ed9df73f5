package worldmodels.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;

/**
 * Adamax (Kingma and Ba 2015, algorithm 2: Adam with the greatest past gradient in place of the root of the mean square), with a
 * decay of the weights that acts as a part of the gradient, as PyTorch has it:
 *
 * <pre>
 * g = g + decay p        m = beta1 m + (1 - beta1) g        u = max(beta2 u, |g| + epsilon)
 * p = p - rate / (1 - beta1^t) · m / u
 * </pre>
 */
public final class Adamax extends Optimiser {

    private static final float BETA1 = 0.9f;
    private static final float BETA2 = 0.999f;

    private final float epsilon;
    private final float decay;

    /** With the paper's beta 0.9 and 0.999. */
    public Adamax(Parameters parameters, float learningRate, float epsilon, float decay) {
        super(parameters, learningRate, "adamax", "mean", "greatest");
        this.epsilon = epsilon;
        this.decay = decay;
    }

    @Override
    void update(NDManager scratch, NDList parameters, NDList gradients, List<NDList> meanAndGreatest, NDArray steps, float learningRate) {
        TorchScript.function("adamax", """
                def forward(self, p: List[Tensor], g: List[Tensor], m: List[Tensor], u: List[Tensor], t: Tensor,
                    lr: float, beta1: float, beta2: float, eps: float, decay: float) -> None:
                  torch.add_(t, 1)
                  torch._foreach_add_(g, p, alpha=decay)
                  torch._foreach_mul_(m, beta1)
                  torch._foreach_add_(m, g, alpha=torch.sub(1., beta1))
                  torch._foreach_mul_(u, beta2)
                  size = torch._foreach_abs(g)
                  torch._foreach_add_(size, eps)
                  torch._foreach_maximum_(u, size)
                  rate = torch.div(lr, torch.sub(1., torch.pow(beta1, float(torch.item(t)))))
                  torch._foreach_addcdiv_(p, m, u, torch.neg(rate))
                  torch._foreach_zero_(g)
                """).call(scratch, parameters, gradients, meanAndGreatest.get(0), meanAndGreatest.get(1), steps,
                exact(learningRate), exact(BETA1), exact(BETA2), exact(epsilon), exact(decay));
    }
}
