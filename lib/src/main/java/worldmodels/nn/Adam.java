package worldmodels.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;

/**
 * Adam (Kingma and Ba 2015, algorithm 1), with epsilon as PyTorch has it:
 *
 * <pre>
 * m = beta1 m + (1 - beta1) g        v = beta2 v + (1 - beta2) g²
 * p = p - rate / (1 - beta1^t) · m / (√(v / (1 - beta2^t)) + epsilon)
 * </pre>
 *
 * (TensorFlow's, and DJL's, adds epsilon to √v before the correction: the same but for an epsilon that shrinks in the first steps.)
 */
public final class Adam extends Optimiser {

    private final float beta1;
    private final float beta2;
    private final float epsilon;

    public Adam(Parameters parameters, float learningRate, float beta1, float beta2, float epsilon) {
        this("adam", parameters, learningRate, beta1, beta2, epsilon);
    }

    private Adam(String name, Parameters parameters, float learningRate, float beta1, float beta2, float epsilon) {
        super(parameters, learningRate, name, "mean", "square");
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = epsilon;
    }

    /** With the paper's beta 0.9 and 0.999 and epsilon 1e-8. */
    public Adam(Parameters parameters, float learningRate) {
        this(parameters, learningRate, 0.9f, 0.999f, 1e-8f);
    }

    /** Likewise, its state under a name of its own: for one of several in a checkpoint. */
    public Adam(String name, Parameters parameters, float learningRate) {
        this(name, parameters, learningRate, 0.9f, 0.999f, 1e-8f);
    }

    @Override
    void update(NDManager scratch, NDList parameters, NDList gradients, List<NDList> meanAndSquare, NDArray steps, float learningRate) {
        TorchScript.function("adam", """
                def forward(self, p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], t: Tensor,
                    lr: float, beta1: float, beta2: float, eps: float) -> None:
                  torch.add_(t, 1)
                  ts = [t]
                  for i in range(torch.len(p) - 1):
                    torch.append(ts, t)
                  torch._fused_adam_(p, g, m, v, [], ts, lr=lr, beta1=beta1, beta2=beta2, weight_decay=0., eps=eps,
                      amsgrad=False, maximize=False)
                  torch._foreach_zero_(g)
                """).call(scratch, parameters, gradients, meanAndSquare.get(0), meanAndSquare.get(1), steps,
                exact(learningRate), exact(beta1), exact(beta2), exact(epsilon));
    }
}
