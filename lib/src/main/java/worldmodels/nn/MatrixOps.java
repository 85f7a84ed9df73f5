package worldmodels.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** Linear algebra that DJL lacks. */
public final class MatrixOps {

    private MatrixOps() {}

    /**
     * A matrix whose rows (or columns, if there are fewer) are orthonormal, evenly distributed over all such: the QR factor of normal noise
     * with the signs of R's diagonal.
     *
     * @return float32 (rows, columns), attached to the manager
     */
    static NDArray orthogonal(NDManager manager, long rows, long columns, long seed) {
        try (NDArray noise = Noise.normal(manager, new Shape(Math.max(rows, columns), Math.min(rows, columns)), seed)) {
            NDArray tall = Noise.owned(manager, TorchScript.function("orthogonal", """
                    def forward(self, noise: Tensor) -> Tensor:
                      q, r = torch.linalg_qr(noise)
                      return torch.mul(q, torch.sign(torch.diag(r)))
                    """).call(manager, noise).singletonOrThrow());
            if (rows >= columns) {
                return tall;
            }
            try (tall) {
                return Noise.owned(manager, tall.transpose());
            }
        }
    }

    /**
     * The trace of (A B)^(1/2) for symmetric A and B without negative eigenvalues: the sum of the roots of the eigenvalues of
     * A^(1/2) B A^(1/2), which is symmetric too. What rounding makes slightly negative counts as 0.
     *
     * @param a float64 (n, n)
     * @param b float64 (n, n)
     */
    public static double traceOfRoot(NDArray a, NDArray b) {
        try (NDManager scratch = a.getManager().newSubManager()) {
            return TorchScript.function("traceOfRoot", """
                    def forward(self, a: Tensor, b: Tensor) -> Tensor:
                      l, v = torch.linalg_eigh(a)
                      root = torch.matmul(torch.mul(v, torch.sqrt(torch.clamp_min(l, 0.))), torch.permute(v, [1, 0]))
                      m = torch.matmul(torch.matmul(root, b), root)
                      e = torch.linalg_eigvalsh(torch.mul(torch.add(m, torch.permute(m, [1, 0])), 0.5))
                      return torch.sum(torch.sqrt(torch.clamp_min(e, 0.)))
                    """).call(scratch, a, b).singletonOrThrow().toDoubleArray()[0];
        }
    }
}
