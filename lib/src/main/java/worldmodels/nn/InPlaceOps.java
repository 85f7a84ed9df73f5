package worldmodels.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;

/** What changes whole lists of arrays in place, parameters among them, in one call. */
final class InPlaceOps {

    private InPlaceOps() {}

    /** Overwrites {@code target} in place, also where it is a parameter. */
    static void copyInto(NDArray target, NDArray values) {
        TorchScript.function("copy", """
                def forward(self, target: Tensor, values: Tensor) -> None:
                  torch.copy_(target, values)
                """).call(target.getManager(), target, values);
    }

    /** Bounds every element of every array in place. */
    static void clampInto(NDManager scratch, NDList arrays, float bound) {
        TorchScript.function("clamp", """
                def forward(self, arrays: List[Tensor], bound: float) -> None:
                  torch._foreach_clamp_max_(arrays, bound)
                  torch._foreach_clamp_min_(arrays, -bound)
                """).call(scratch, arrays, bound);
    }

    /** @return the root of the sum of all squares of all arrays, a scalar */
    static NDArray norm(NDManager scratch, NDList arrays) {
        return TorchScript.function("norm", """
                def forward(self, arrays: List[Tensor]) -> Tensor:
                  return torch.norm(torch.stack(torch._foreach_norm(arrays, 2.)))
                """).call(scratch, arrays).singletonOrThrow();
    }

    /** Multiplies every array in place. */
    static void scaleInto(NDManager scratch, NDList arrays, double factor) {
        TorchScript.function("scale", """
                def forward(self, arrays: List[Tensor], factor: float) -> None:
                  torch._foreach_mul_(arrays, factor)
                """).call(scratch, arrays, factor);
    }

    /** a = a + weight (b - a) for every pair of arrays, in place. */
    static void lerpInto(NDManager scratch, NDList arrays, NDList ends, double weight) {
        TorchScript.function("lerp", """
                def forward(self, arrays: List[Tensor], ends: List[Tensor], weight: float) -> None:
                  torch._foreach_lerp_(arrays, ends, weight)
                """).call(scratch, arrays, ends, weight);
    }
}
