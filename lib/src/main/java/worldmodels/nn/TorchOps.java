package worldmodels.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.function.Supplier;

/** The operations that DJL lacks or gets wrong, or that a profile proved hot, most a few lines of TorchScript, each tested against plain DJL. */
public final class TorchOps {

    /** Floats in a vector of AVX-512, and how many channels may go in without being filled up. */
    private static final int BLOCK = 16;
    private static final int FREE = 8;
    /** Columns of a kernel for one channel that libtorch's fast backward pass takes. */
    private static final int STRIP = 3;

    private TorchOps() {}

    /**
     * Transposed convolution with stride 2, without padding (DJL: "Not implemented"). Differentiable.
     *
     * <p>It is computed as what it equals: each of the four phases of the output is an ordinary convolution with every second row and column of
     * the kernel, so one convolution with four times the channels and a shuffle of pixels gives all; with one input pixel it is a matrix product.
     * That makes a training step of the ConvVAE an eighth shorter than PyTorch's own transposed convolution, which is also wrong on some processors
     * where channels do not fill whole vectors.
     *
     * @param x      (batch, in, height, width)
     * @param weight (in, out, kernel, kernel)
     * @param bias   (out)
     * @return (batch, out, 2 (height - 1) + kernel, ...), attached to the manager of {@code x}
     */
    public static NDArray convTranspose2d(NDArray x, NDArray weight, NDArray bias) {
        Shape shape = x.getShape();
        return (shape.get(2) == 1 && shape.get(3) == 1 ? ONE_PIXEL : FOUR_PHASES).get().apply(x, weight, bias);
    }

    private static final Supplier<TorchScript> ONE_PIXEL = () -> TorchScript.function("convTranspose2d of one pixel", """
            def forward(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
              i, o, k, l = torch.size(w)
              y = torch.matmul(torch.reshape(x, [-1, i]), torch.reshape(torch.permute(w, [0, 2, 3, 1]), [i, -1]))
              return torch.permute(torch.add(torch.reshape(y, [-1, k, l, o]), b), [0, 3, 1, 2])
            """);

    /**
     * Kernels of odd size get a row and a column of zeros, and the output loses the row and the column that come of it; channels are filled up to
     * whole blocks ({@link #convolution}).
     */
    private static final Supplier<TorchScript> FOUR_PHASES = () -> TorchScript.function("convTranspose2d in four phases", """
            def forward(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
              i, o, k, l = torch.size(w)
              odd = torch.remainder(k, 2)
              h = torch.floordiv(torch.add(k, odd), 2)
              padded = torch.constant_pad_nd(w, [0, odd, 0, odd])
              flipped = torch.flip(torch.reshape(padded, [i, o, h, 2, h, 2]), [2, 4])
              phases = torch.reshape(torch.permute(flipped, [1, 3, 5, 0, 2, 4]), [torch.mul(o, 4), i, h, h])
              margin = torch.sub(h, 1)
              more = torch.remainder(torch.neg(torch.mul(o, 4)), 16)
              whole = torch.constant_pad_nd(phases, [0, 0, 0, 0, 0, 0, 0, more])
              y = torch.conv2d(x, whole, torch.constant_pad_nd(torch.repeat_interleave(b, 4), [0, more]), [1, 1], [margin, margin])
              z = torch.pixel_shuffle(torch.narrow(y, 1, 0, torch.mul(o, 4)), 2)
              return torch.narrow(torch.narrow(z, 2, 0, torch.sub(torch.size(z, 2), odd)), 3, 0, torch.sub(torch.size(z, 3), odd))
            """);

    /**
     * Standard normal noise that depends on the seed and the shape alone: no state to save, any thread, the same on every resume.
     *
     * @return float32 of the shape, attached to the manager
     */
    public static NDArray normal(NDManager manager, Shape shape, long seed) {
        return owned(manager, TorchScript.function("normal", """
                def forward(self, shape: List[int], seed: int) -> Tensor:
                  return torch.randn(shape, generator=torch.Generator(seed=seed), dtype=6)
                """).call(manager, shape.getShape(), seed).singletonOrThrow());
    }

    /**
     * Numbers drawn evenly from [low, high), as {@link #normal} depending on seed and shape alone.
     *
     * @return float32 of the shape, attached to the manager
     */
    public static NDArray uniform(NDManager manager, Shape shape, float low, float high, long seed) {
        return owned(manager, TorchScript.function("uniform", """
                def forward(self, shape: List[int], seed: int, low: float, high: float) -> Tensor:
                  return torch.add(torch.mul(torch.rand(shape, generator=torch.Generator(seed=seed), dtype=6), high - low), low)
                """).call(manager, shape.getShape(), seed, low, high).singletonOrThrow());
    }

    /**
     * A matrix whose rows (or columns, if there are fewer) are orthonormal, evenly distributed over all such: the QR factor of normal noise
     * with the signs of R's diagonal.
     *
     * @return float32 (rows, columns), attached to the manager
     */
    static NDArray orthogonal(NDManager manager, long rows, long columns, long seed) {
        try (NDArray noise = normal(manager, new Shape(Math.max(rows, columns), Math.min(rows, columns)), seed)) {
            NDArray tall = owned(manager, TorchScript.function("orthogonal", """
                    def forward(self, noise: Tensor) -> Tensor:
                      q, r = torch.linalg_qr(noise)
                      return torch.mul(q, torch.sign(torch.diag(r)))
                    """).call(manager, noise).singletonOrThrow());
            if (rows >= columns) {
                return tall;
            }
            try (tall) {
                return owned(manager, tall.transpose());
            }
        }
    }

    /**
     * x · factor. Differentiable, unlike DJL's {@code x.mul(number)} (and {@code div}, {@code pow}, {@code maximum}, {@code minimum}): DJL puts the
     * number into Java's memory, from which PyTorch reads it once more in the backward pass, and lets go of it at once; if Java's collector comes in
     * between, the gradient is multiplied with whatever is there by then. Here the number lives as long as x's manager.
     */
    public static NDArray times(NDArray x, double factor) {
        return x.mul(x.getManager().create((float) factor));
    }

    /** max(x, least), element by element. Differentiable, as {@link #times} is. */
    public static NDArray atLeast(NDArray x, double least) {
        return x.maximum(x.getManager().create((float) least));
    }

    /** x · sigmoid(x). Differentiable. */
    public static NDArray swish(NDArray x) {
        return TorchScript.function("swish", """
                def forward(self, x: Tensor) -> Tensor:
                  return torch.silu(x)
                """).apply(x);
    }

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
        return TorchScript.function("batchNorm " + training + " " + momentum + " " + epsilon, """
                def forward(self, x: Tensor, scale: Tensor, shift: Tensor, mean: Tensor, variance: Tensor) -> Tensor:
                  return torch.batch_norm(x, scale, shift, mean, variance, %s, %s, %s, False)
                """.formatted(training ? "True" : "False", momentum, epsilon)).apply(x, scale, shift, mean, variance);
    }

    /**
     * A convolution whose weights are normalised per output channel, w = exp(s) v / |v| (Salimans and Kingma 2016, with the length's logarithm as
     * the parameter). Differentiable.
     *
     * @param x         (batch, in, height, width)
     * @param direction v, (out, in / groups, kernel, kernel)
     * @param logLength s, (out)
     * @param bias      (out)
     */
    public static NDArray normalisedConv2d(NDArray x, NDArray direction, NDArray logLength, NDArray bias, int stride, int padding, int groups) {
        Shape shape = direction.getShape();
        boolean inStrips = groups > 1 && groups == shape.get(0) && stride == 1 && shape.get(3) > STRIP && !x.getDevice().isGpu();
        return TorchScript.function("normalisedConv2d " + stride + " " + padding + " " + groups + " " + shape + " " + inStrips, """
                def forward(self, x: Tensor, v: Tensor, s: Tensor, b: Tensor) -> Tensor:
                  w = torch._weight_norm(v, torch.reshape(torch.exp(s), [-1, 1, 1, 1]), 0)
                """ + (inStrips ? strips(shape, padding) : convolution(shape, stride, padding, groups))).apply(x, direction, logLength, bias);
    }

    /**
     * The last lines of a convolution of each channel by itself, as the sum of convolutions with strips of at most three columns of the kernel: for
     * wider ones libtorch on a CPU finds the weights' gradient by a detour that takes twenty times as long.
     */
    private static String strips(Shape weight, int padding) {
        int kernel = (int) weight.get(3);
        StringBuilder lines = new StringBuilder();
        for (int from = 0; from < kernel; from += STRIP) {
            int width = Math.min(STRIP, kernel - from);
            int left = padding - from;
            lines.append("  p = torch.constant_pad_nd(x, [%d, %d, %d, %d])\n".formatted(left, width - 1 - left, padding, padding));
            String strip = "torch.conv2d(p, torch.narrow(w, 3, %d, %d), %s, [1, 1], [0, 0], [1, 1], %d)".formatted(from, width, from == 0 ? "b" : "None",
                    weight.get(0));
            lines.append(from == 0 ? "  y = %s\n".formatted(strip) : "  y = torch.add(y, %s)\n".formatted(strip));
        }
        return lines + "  return y\n";
    }

    /**
     * The last lines of a convolution of x with w and b. Channels that do not fill blocks of 16 are filled up with zeros: the backward pass of
     * libtorch 2.7 fills them up itself with whatever is in memory, times 0, which is NaN where a white picture lay before. Kernels of one pixel and
     * convolutions of each channel by itself are free of it.
     *
     * @param weight shape (out, in / groups, kernel, kernel)
     */
    private static String convolution(Shape weight, int stride, int padding, int groups) {
        int out = (int) weight.get(0);
        int in = (int) weight.get(1);
        boolean filled = groups == 1 && weight.get(2) > 1;
        int moreOut = filled ? -out & BLOCK - 1 : 0;
        int moreIn = filled && in > FREE ? -in & BLOCK - 1 : 0;
        String lines = "";
        if (moreIn > 0) {
            lines += "  x = torch.constant_pad_nd(x, [0, 0, 0, 0, 0, %d])\n".formatted(moreIn);
        }
        if (moreIn > 0 || moreOut > 0) {
            lines += "  w = torch.constant_pad_nd(w, [0, 0, 0, 0, 0, %d, 0, %d])\n".formatted(moreIn, moreOut);
        }
        String bias = moreOut > 0 ? "torch.constant_pad_nd(b, [0, %d])".formatted(moreOut) : "b";
        lines += "  y = torch.conv2d(x, w, %3$s, [%1$d, %1$d], [%2$d, %2$d], [1, 1], %4$d)\n".formatted(stride, padding, bias, groups);
        return lines + (moreOut > 0 ? "  return torch.narrow(y, 1, 0, %d)\n".formatted(out) : "  return y\n");
    }

    /**
     * {@link #normalisedConv2d} of which some weights are held at nothing. Differentiable.
     *
     * @param mask the shape of {@code direction}, 1 for weights there are and 0 for those there are not
     */
    public static NDArray maskedConv2d(NDArray x, NDArray direction, NDArray logLength, NDArray bias, NDArray mask, int padding) {
        Shape shape = direction.getShape();
        return TorchScript.function("maskedConv2d " + padding + " " + shape, """
                def forward(self, x: Tensor, v: Tensor, s: Tensor, b: Tensor, mask: Tensor) -> Tensor:
                  w = torch._weight_norm(torch.mul(v, mask), torch.reshape(torch.exp(s), [-1, 1, 1, 1]), 0)
                """ + convolution(shape, 1, padding, 1)).apply(x, direction, logLength, bias, mask);
    }

    /**
     * The greatest singular value of a normalised convolution's weights as a matrix (out, in · kernel²), by power iteration. Differentiable in the
     * weights, with the singular vectors as constants.
     *
     * @param direction v, and {@code logLength} s, as {@link #normalisedConv2d} has them
     * @param right     the right singular vector so far, (in · kernel²); improved in place
     * @return a scalar
     */
    public static NDArray spectralNorm(NDArray direction, NDArray logLength, NDArray right, int iterations) {
        return TorchScript.function("spectralNorm " + iterations, """
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
                """.formatted(iterations)).apply(direction, logLength, right);
    }

    /** Twice as high and wide, linear between the middles of pixels. Differentiable. */
    public static NDArray doubled(NDArray x) {
        return TorchScript.function("doubled", """
                def forward(self, x: Tensor) -> Tensor:
                  b, c, h, w = torch.size(x)
                  return torch.upsample_bilinear2d(x, [torch.mul(h, 2), torch.mul(w, 2)], False, None, None)
                """).apply(x);
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

    /** A copy outside the call is an ordinary, contiguous tensor on the manager's device, which a backward pass may keep. */
    private static NDArray owned(NDManager manager, NDArray drawn) {
        try (drawn) {
            NDArray copy = drawn.getDevice().equals(manager.getDevice()) ? drawn.duplicate() : drawn.toDevice(manager.getDevice(), true);
            copy.attach(manager);
            return copy;
        }
    }

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

    /**
     * One step of Adam (PyTorch's formula) on all parameters in one pass, in place; the gradients become zero.
     *
     * @param steps a float32 scalar that counts the updates
     */
    static void adamStep(NDManager scratch, NDList parameters, NDList gradients, NDList mean, NDList square, NDArray steps,
            float learningRate, float beta1, float beta2, float epsilon) {
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
                """).call(scratch, parameters, gradients, mean, square, steps,
                exact(learningRate), exact(beta1), exact(beta2), exact(epsilon));
    }

    /** One step of {@link Adamax} on all parameters in one pass, in place; the gradients become zero. */
    static void adamaxStep(NDManager scratch, NDList parameters, NDList gradients, NDList mean, NDList greatest, NDArray steps,
            float learningRate, float beta1, float beta2, float epsilon, float decay) {
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
                """).call(scratch, parameters, gradients, mean, greatest, steps,
                exact(learningRate), exact(beta1), exact(beta2), exact(epsilon), exact(decay));
    }

    /** 0.001f as the double 0.001 that the user wrote, as Python would pass it. */
    private static double exact(float value) {
        return Double.parseDouble(Float.toString(value));
    }
}
