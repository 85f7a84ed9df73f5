package worldmodels.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;

/**
 * RMSprop (Tieleman and Hinton 2012, lecture 6.5), with epsilon outside of the root as PyTorch has it:
 *
 * <pre>
 * v = decay v + (1 - decay) g²
 * p = p - rate · g / (√v + epsilon)
 * </pre>
 *
 * It has no memory of a gradient's direction, which where two networks work against each other points back to where they were; and but for epsilon,
 * a factor of the loss changes nothing.
 */
public final class RmsProp extends Optimiser {

    private static final float EPSILON = 1e-8f;

    private final float decay;

    /** @param decay of the mean square; 0.9 in the lecture */
    public RmsProp(Parameters parameters, float learningRate, float decay) {
        super(parameters, learningRate, "rmsprop", "square");
        this.decay = decay;
    }

    @Override
    void update(NDManager scratch, NDList parameters, NDList gradients, List<NDList> square, NDArray steps, float learningRate) {
        TorchScript.function("rmsprop", """
                def forward(self, p: List[Tensor], g: List[Tensor], v: List[Tensor], t: Tensor, lr: float, decay: float, eps: float) -> None:
                  torch.add_(t, 1)
                  torch._foreach_mul_(v, decay)
                  torch._foreach_addcmul_(v, g, g, torch.sub(1., decay))
                  root = torch._foreach_sqrt(v)
                  torch._foreach_add_(root, eps)
                  torch._foreach_addcdiv_(p, g, root, torch.neg(lr))
                  torch._foreach_zero_(g)
                """).call(scratch, parameters, gradients, square.getFirst(), steps, exact(learningRate), exact(decay), exact(EPSILON));
    }
}
